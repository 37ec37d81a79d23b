import type { UserId } from '@verbatim/protocol'
import { Show } from 'solid-js'
import controls from '../parts/controls.module.css'
import { createFriendship } from '../people/create-friendship.ts'
import { useWindow } from '../shell/context.ts'
import styles from './details-pane.module.css'

/** How one stands to the other person of a direct conversation. */
export const PeerActs = (props: { user: UserId }) => {
  const { messenger } = useWindow()
  const friendship = createFriendship()
  const standing = () => messenger.people.standing(props.user)
  const button = (label: string, type: Parameters<typeof friendship.change>[0], look = controls.plain) => (
    <button type="button" class={`${look} ${styles.wide}`} onClick={() => friendship.change(type, props.user)}>
      {label}
    </button>
  )
  return (
    <section class={styles.section} aria-label="Friendship">
      <Show when={standing() === 'none'}>{button('Ask to be friends', 'RequestFriend', controls.primary)}</Show>
      <Show when={standing() === 'incoming'}>
        {button('Accept the request', 'AcceptFriend', controls.primary)}
        {button('Decline', 'DeclineRequest')}
      </Show>
      <Show when={standing() === 'outgoing'}>{button('Cancel the request', 'CancelRequest')}</Show>
      <Show when={standing() === 'friend'}>{button('Unfriend', 'Unfriend')}</Show>
      <Show when={standing() === 'blocked'} fallback={button('Block', 'Block', controls.danger)}>
        {button('Unblock', 'Unblock')}
      </Show>
    </section>
  )
}
