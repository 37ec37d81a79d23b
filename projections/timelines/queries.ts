import type { ModelReader } from '@verbatim/projections/projector'
import { type ConversationId, isConversationId, limits, type UserId } from '@verbatim/protocol'
import type { Timelines } from './port.ts'
import { conversationRow, pinsOf } from './queries/conversation-rows.ts'
import { type HistoryLog, history } from './queries/history.ts'
import { type Access, mayRead, mayReadMessage, membershipsOf } from './queries/may-read.ts'
import { messagesPage } from './queries/messages-page.ts'
import { messageFact, oneMessage } from './queries/one-message.ts'

/**
 * The reader of timelines on the model in SQLite. Its methods stand alone, so `{ ...timelines }` can be served to
 * another thread.
 * @param parts.model of `timelinesFile`; stays the caller's to close
 */
export const sqliteTimelines = (parts: { readonly model: ModelReader; readonly log: HistoryLog }): Timelines => {
  const { model, log } = parts
  const { db } = model
  const access = mayRead(db)
  const readable = mayReadMessage(db)
  const memberships = membershipsOf(db)
  const rowOf = conversationRow(db)
  const pins = pinsOf(db)
  const page = messagesPage(db)
  const one = oneMessage(db)
  const fact = messageFact(db)

  /** Whether one may read and what is read, of one moment. */
  const asMember = async <T>(user: UserId, conversation: ConversationId, query: (access: Access) => T) =>
    model.read(() => {
      const found = access(user, conversation)
      return found && query(found)
    })

  /** Activity that a cursor stands for; a conversation's id stands for its own. Nothing is before any other text. */
  const activityOf = (user: UserId, cursor: string): number => {
    if (isConversationId(cursor)) return access(user, cursor)?.activity ?? 0
    return /^\d{1,15}$/.test(cursor) ? Number(cursor) : 0
  }

  return {
    async memberships(user) {
      return model.read(() =>
        memberships(user, Number.MAX_SAFE_INTEGER, -1).map(({ id, revision }) => ({ conversation: id, revision })),
      )
    },
    async conversations(user, { before, limit }) {
      const wanted = Math.min(Math.max(Math.trunc(limit), 1), limits.conversationsPage.max)
      return model.read(() => {
        const below = before === undefined ? Number.MAX_SAFE_INTEGER : activityOf(user, before)
        const found = memberships(user, below, wanted + 1)
        const shown = found.slice(0, wanted)
        const more = found.length > wanted
        const last = shown.at(-1)
        return { conversations: shown.map(rowOf), more, ...(more && last && { cursor: String(last.activity) }) }
      })
    },
    conversation: (user, conversation) =>
      asMember(user, conversation, (found) => ({ ...rowOf(found), pins: pins(found) })),
    messages: (user, conversation, window) => asMember(user, conversation, (found) => page(found, window)),
    edits: (user, conversation, message) => asMember(user, conversation, (found) => one.edits(found, message)),
    readers: (user, conversation, message) => asMember(user, conversation, (found) => one.readers(found, message)),
    ...history(model, log),
    async messageFact(conversation, message) {
      return model.read(() => fact(conversation, message))
    },
    async isReadable(user, message) {
      return model.read(() => readable(user, message))
    },
  }
}
