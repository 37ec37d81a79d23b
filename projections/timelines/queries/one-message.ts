import type { Db } from '@verbatim/projections/projector'
import type { ConversationId, EditsView, MessageId, ReadersView, UserId } from '@verbatim/protocol'
import type { MessageFact } from '../port.ts'
import type { Access } from './may-read.ts'
import { bodyOf, isoTime, MESSAGE, type MessageRow, reactionsBetween } from './message-views.ts'

/** What a member may know of one message; undefined when it is not there, or lies before his joining. */
export const oneMessage = (db: Db) => {
  const find = db.prepare<[number, MessageId], MessageRow>(`${MESSAGE} WHERE m.conversation = ? AND m.id = ?`)
  const edits = db.prepare<[number, number], { at: number; body: string | null }>(
    'SELECT at, body FROM edits WHERE conversation = ? AND message = ? ORDER BY revision',
  )
  const readers = db.prepare<[number, number, UserId], { user: UserId; revision: number; at: number }>(
    `SELECT p.id AS user, k.revision, k.at FROM members AS m
     JOIN marks AS k ON k.conversation = m.conversation AND k.person = m.person
     JOIN people AS p ON p.key = m.person
     WHERE m.conversation = ? AND k.revision >= ? AND p.id <> ? ORDER BY k.at, p.id`,
  )
  const readable = ({ conversation, first }: Access, message: MessageId): MessageRow | undefined => {
    const row = find.get(conversation, message)
    return row && row.revision >= first ? row : undefined
  }

  return {
    /** What it said before each edit, and since when; nothing of a deleted one. */
    edits(access: Access, message: MessageId): EditsView | undefined {
      const row = readable(access, message)
      if (!row) return undefined
      const kept = row.deletedAt === null ? edits.all(access.conversation, row.revision) : []
      return { edits: kept.map(({ at, body }) => ({ at: isoTime(at), body: bodyOf(body) })) }
    },
    /** Members but the sender whose mark is there or beyond. */
    readers(access: Access, message: MessageId): ReadersView | undefined {
      const row = readable(access, message)
      if (!row) return undefined
      const found = readers.all(access.conversation, row.revision, row.sender)
      return { readers: found.map(({ user, revision, at }) => ({ user, revision, at: isoTime(at) })) }
    },
  }
}

/** For deciders: whoever asks was let in by them. */
export const messageFact = (
  db: Db,
): ((conversation: ConversationId, message: MessageId) => MessageFact | undefined) => {
  const keyOf = db.prepare<[ConversationId], number>('SELECT key FROM conversations WHERE id = ?').pluck()
  const find = db.prepare<[number, MessageId], MessageRow>(`${MESSAGE} WHERE m.conversation = ? AND m.id = ?`)
  const reactionsIn = reactionsBetween(db)
  return (conversation, message) => {
    const key = keyOf.get(conversation)
    const row = key === undefined ? undefined : find.get(key, message)
    if (key === undefined || !row) return undefined
    const { revision, sender, deletedBy, deletedAt } = row
    return {
      message,
      sender,
      revision,
      ...(deletedBy !== null && deletedAt !== null && { deleted: { by: deletedBy, at: deletedAt } }),
      body: bodyOf(row.body),
      reactions: reactionsIn(key, revision, revision).get(revision) ?? [],
    }
  }
}
