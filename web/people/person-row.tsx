import type { UserId } from '@verbatim/protocol'
import { Show } from 'solid-js'
import { Avatar } from '../parts/avatar.tsx'
import controls from '../parts/controls.module.css'
import { MenuItem, Popover } from '../parts/popover.tsx'
import { useWindow } from '../shell/context.ts'
import { createFriendship } from './create-friendship.ts'
import { nameOf } from './create-people.ts'
import styles from './person-row.module.css'

/** A person: a click writes to him, the buttons beside it say how one stands to him. */
export const PersonRow = (props: { user: UserId }) => {
  const { messenger } = useWindow()
  const friendship = createFriendship()
  const person = () => messenger.people.get(props.user)
  const standing = () => messenger.people.standing(props.user)
  const write = (): void => void friendship.write(props.user)
  return (
    <li class={styles.row} classList={{ [styles.asking ?? '']: standing() === 'incoming' }}>
      <button type="button" data-row class={styles.open} onClick={write}>
        <span class="unseen">Write to </span>
        <Avatar id={props.user} name={nameOf(person())} size="large" />
        <span class={styles.words}>
          <span class={styles.name}>{nameOf(person())}</span>
          <Show when={person()?.handle}>
            <span class={styles.handle}>
              @{person()?.handle}
              {standing() === 'outgoing' ? ', asked' : ''}
            </span>
          </Show>
        </span>
      </button>
      <Show when={standing() === 'incoming'}>
        <button
          type="button"
          class={`${controls.primary} ${controls.small}`}
          aria-label={`Accept ${nameOf(person())}`}
          onClick={() => friendship.change('AcceptFriend', props.user)}
        >
          Accept
        </button>
        <button
          type="button"
          class={`${controls.plain} ${controls.small}`}
          aria-label={`Decline ${nameOf(person())}`}
          onClick={() => friendship.change('DeclineRequest', props.user)}
        >
          Decline
        </button>
      </Show>
      <Show when={standing() === 'outgoing'}>
        <button
          type="button"
          class={`${controls.plain} ${controls.small}`}
          aria-label={`Cancel the request to ${nameOf(person())}`}
          onClick={() => friendship.change('CancelRequest', props.user)}
        >
          Cancel
        </button>
      </Show>
      <Show when={standing() === 'none'}>
        <button
          type="button"
          class={`${controls.plain} ${controls.small}`}
          aria-label={`Add ${nameOf(person())} as a friend`}
          onClick={() => friendship.change('RequestFriend', props.user)}
        >
          Add
        </button>
      </Show>
      <Show when={standing() === 'blocked'}>
        <button
          type="button"
          class={`${controls.plain} ${controls.small}`}
          aria-label={`Unblock ${nameOf(person())}`}
          onClick={() => friendship.change('Unblock', props.user)}
        >
          Unblock
        </button>
      </Show>
      <Show when={standing() !== 'blocked'}>
        <Popover label={`More about ${nameOf(person())}`} icon="more" kind="menu">
          {() => (
            <>
              <MenuItem onSelect={() => write()}>Write</MenuItem>
              <Show when={standing() === 'friend'}>
                <MenuItem onSelect={() => friendship.change('Unfriend', props.user)}>Unfriend</MenuItem>
              </Show>
              <MenuItem danger onSelect={() => friendship.change('Block', props.user)}>
                Block
              </MenuItem>
            </>
          )}
        </Popover>
      </Show>
    </li>
  )
}
