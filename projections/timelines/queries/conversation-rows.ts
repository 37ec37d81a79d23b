import type { Db } from '@verbatim/projections/projector'
import type { MessageId, UserId } from '@verbatim/protocol'
import type { ConversationRow } from '../port.ts'
import type { Access } from './may-read.ts'
import { MESSAGE, type MessageRow, messageViews } from './message-views.ts'

/** A conversation as it stands in a member's list. */
export const conversationRow = (db: Db): ((access: Access) => ConversationRow) => {
  const views = messageViews(db)
  const message = db.prepare<[number, number], MessageRow>(`${MESSAGE} WHERE m.conversation = ? AND m.revision = ?`)
  const mark = db.prepare<[number, number], { revision: number; n: number }>(
    'SELECT revision, n FROM marks WHERE conversation = ? AND person = ?',
  )
  const peerOf = db
    .prepare<[number, number], UserId>(
      'SELECT p.id FROM members AS m JOIN people AS p ON p.key = m.person WHERE m.conversation = ? AND m.person <> ?',
    )
    .pluck()

  const lastOf = (access: Access) => {
    if (access.last === null || access.last < access.first) return undefined
    return views(access, message.all(access.conversation, access.last))[0]
  }

  return (access) => {
    const { id, kind, name, revision, conversation, person } = access
    const read = mark.get(conversation, person)
    const peer = kind === 'direct' ? peerOf.get(conversation, person) : undefined
    const last = lastOf(access)
    return {
      id,
      kind,
      name,
      ...(peer !== undefined && { peer }),
      revision,
      readUpTo: read && read.revision >= access.first ? read.revision : -1,
      unread: Math.max(0, access.n - Math.max(read?.n ?? 0, access.before)),
      ...(last && { last }),
    }
  }
}

/** Pinned messages that the member may read, in the order in which they were pinned. */
export const pinsOf = (db: Db): ((access: Access) => MessageId[]) => {
  // CROSS: the few pins first, then their messages; the planner would rather walk through all messages.
  const find = db
    .prepare<[number, number], MessageId>(
      `SELECT m.id FROM pins AS p CROSS JOIN messages AS m ON m.conversation = p.conversation AND m.revision = p.message
       WHERE p.conversation = ? AND p.message >= ? ORDER BY p.revision`,
    )
    .pluck()
  return ({ conversation, first }) => find.all(conversation, first)
}
