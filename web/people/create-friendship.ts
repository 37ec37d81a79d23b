import type { UserId } from '@verbatim/protocol'
import { Refused } from '../session/api.ts'
import { useWindow } from '../shell/context.ts'
import { say } from '../shell/say.ts'
import { nameOf } from './create-people.ts'
import type { FriendshipHappened } from './social.ts'

type Change = 'RequestFriend' | 'CancelRequest' | 'AcceptFriend' | 'DeclineRequest' | 'Unfriend' | 'Block' | 'Unblock'

/** What a taken command means, told to the screen at once; the same event comes by the socket and changes nothing more. */
const becomes = {
  RequestFriend: 'FriendRequested',
  CancelRequest: 'RequestCancelled',
  AcceptFriend: 'FriendAccepted',
  DeclineRequest: 'RequestDeclined',
  Unfriend: 'FriendRemoved',
  Block: 'PersonBlocked',
  Unblock: 'PersonUnblocked',
} as const satisfies Record<Change, FriendshipHappened['type']>

/** What one does with another person. */
export const createFriendship = () => {
  const { messenger, router } = useWindow()
  const { people, toasts, me } = messenger

  const told = (cause: unknown): void =>
    toasts.show({ text: say(cause instanceof Refused ? cause.reason : 'unreachable') })

  const change = async (type: Change, user: UserId): Promise<void> => {
    // A request that crosses another makes friends: only the socket knows.
    const crossing = type === 'RequestFriend' && people.standing(user) === 'incoming'
    try {
      await messenger.act({ type, user })
      if (!crossing) people.apply({ type: becomes[type], data: { from: me.id, to: user } })
      if (type === 'Block')
        toasts.show({
          text: `${nameOf(people.get(user))} is blocked.`,
          action: { label: 'Undo', run: () => void change('Unblock', user) },
        })
    } catch (cause) {
      told(cause)
      void people.refresh().catch(() => undefined)
    }
  }

  return {
    change: (type: Change, user: UserId): void => void change(type, user),
    /** Opens the conversation with somebody; tells whether there is one. */
    write: async (user: UserId): Promise<boolean> => {
      const known = messenger.conversations.list().find(({ peer }) => peer?.id === user)
      try {
        const conversation = known?.id ?? (await messenger.act({ type: 'OpenDirect', user })).conversation
        if (conversation === undefined) return false
        if (!known) await messenger.conversations.refresh()
        router.openConversation(conversation)
        return true
      } catch (cause) {
        told(cause)
        return false
      }
    },
  }
}
