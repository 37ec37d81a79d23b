import type { Db } from '@verbatim/projections/projector'
import type { ConversationId, MessageId, UserId } from '@verbatim/protocol'

/** What a member may read of a conversation, and the conversation's own row. */
export type Access = {
  /** Keys in the model. */
  readonly conversation: number
  readonly person: number
  readonly id: ConversationId
  readonly kind: 'direct' | 'group'
  readonly name: string | null
  /** Of the last event. */
  readonly revision: number
  /** Messages sent so far. */
  readonly n: number
  /** Revision of the last message. */
  readonly last: number | null
  readonly activity: number
  /** The first revision that this member may read: his newest joining where the history is since joining, else 0. */
  readonly first: number
  /** Messages that were there when he joined. */
  readonly before: number
}

/** Everybody who asks is let in here, or not at all; within the transaction of what is read. */
export const mayRead = (db: Db): ((user: UserId, conversation: ConversationId) => Access | undefined) => {
  const find = db.prepare<[UserId, ConversationId], Access>(`${ACCESS} WHERE p.id = ? AND c.id = ?`)
  return (user, conversation) => find.get(user, conversation)
}

/** Conversations of a user before an activity, the latest first. */
export const membershipsOf = (db: Db): ((user: UserId, before: number, limit: number) => Access[]) => {
  const find = db.prepare<[UserId, number, number], Access>(
    `${ACCESS} WHERE p.id = ? AND c.activity < ? ORDER BY c.activity DESC LIMIT ?`,
  )
  return (user, before, limit) => find.all(user, before, limit)
}

/** Whether the user may read a message of that id, in any of his conversations, and it is not deleted. */
export const mayReadMessage = (db: Db): ((user: UserId, message: MessageId) => boolean) => {
  const find = db.prepare<[MessageId, UserId], Access>(
    `${ACCESS} JOIN messages AS t ON t.conversation = c.key AND t.id = ?
     WHERE p.id = ? AND t.deletedAt IS NULL AND t.revision >= first LIMIT 1`,
  )
  return (user, message) => find.get(message, user) !== undefined
}

const ACCESS = `
  SELECT c.key AS conversation, p.key AS person, c.id, c.kind, c.name, c.revision, c.n, c.last, c.activity,
    iif(c.history = 'since-joining', m.joined, 0) AS first, m.n AS before
  FROM people AS p
  JOIN members AS m ON m.person = p.key
  JOIN conversations AS c ON c.key = m.conversation`
