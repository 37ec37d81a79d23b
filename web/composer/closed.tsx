import type { UserId } from '@verbatim/protocol'
import controls from '../parts/controls.module.css'
import { createFriendship } from '../people/create-friendship.ts'
import styles from './composer.module.css'

/** Where one cannot write, because one has blocked the other person. */
export const Closed = (props: { peer: UserId; title: string }) => {
  const friendship = createFriendship()
  return (
    <div class={styles.closed}>
      <p>You have blocked {props.title}.</p>
      <button
        type="button"
        class={`${controls.plain} ${controls.small}`}
        onClick={() => friendship.change('Unblock', props.peer)}
      >
        Unblock
      </button>
    </div>
  )
}
