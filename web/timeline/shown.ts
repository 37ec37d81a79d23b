import type { MessageView, UserId } from '@verbatim/protocol'
import type { Item, Queue } from '../outbox/queue.ts'
import { withoutReaction, withReaction } from './apply-event.ts'

/** A message as it is drawn: what the server told, with what is on its way already in place. */
export type Shown = MessageView & {
  readonly sending?: 'queued' | 'sent' | 'failed'
  readonly reason?: Item['reason']
}

/** Not yet in the log: after everything that is. */
const LAST = Number.MAX_SAFE_INTEGER

/** The timeline's messages with the person's own pending acts laid over them; queued messages stay last. */
export const shownMessages = (messages: readonly MessageView[], queue: Queue, me: UserId): readonly Shown[] =>
  queue.reduce<readonly Shown[]>((shown, item) => lay(shown, item, me), messages)

const lay = (shown: readonly Shown[], item: Item, me: UserId): readonly Shown[] => {
  const { command } = item
  switch (command.type) {
    case 'SendMessage':
      return shown.some(({ id }) => id === command.id) ? shown : [...shown, pendingMessage(item, me)]
    case 'EditMessage':
      return on(shown, command.message, (message) => ({
        ...message,
        body: bodyOf(command.body),
        edited: message.edited ?? item.at,
      }))
    case 'DeleteMessage':
      return on(shown, command.message, (message) => ({ ...message, body: null, deleted: true }))
    case 'React':
      return on(shown, command.message, (message) => ({
        ...message,
        reactions: withReaction(message.reactions, command.emoji, me),
      }))
    case 'Unreact':
      return on(shown, command.message, (message) => ({
        ...message,
        reactions: withoutReaction(message.reactions, command.emoji, me),
      }))
    case 'RestoreMessage': // what it said comes with the event
    case 'Pin':
    case 'Unpin':
      return shown
  }
}

const pendingMessage = ({ command, at, state, reason }: Item, me: UserId): Shown => {
  const body = 'body' in command ? bodyOf(command.body) : {}
  return {
    id: command.id,
    revision: LAST,
    sender: me,
    sentAt: at,
    body,
    reactions: [],
    sending: state,
    ...(body.replyTo !== undefined && { replyTo: body.replyTo }),
    ...(reason !== undefined && { reason }),
  }
}

type Sent = Extract<Item['command'], { body: unknown }>['body']
const bodyOf = ({ text, replyTo, mentions, forwardedFrom }: Sent): NonNullable<MessageView['body']> => ({
  ...(text !== undefined && { text }),
  ...(replyTo !== undefined && { replyTo }),
  ...(mentions !== undefined && { mentions }),
  ...(forwardedFrom !== undefined && { forwardedFrom }),
})

const on = (shown: readonly Shown[], id: string, change: (message: Shown) => Shown): readonly Shown[] =>
  shown.map((message) => (message.id === id ? change(message) : message))
