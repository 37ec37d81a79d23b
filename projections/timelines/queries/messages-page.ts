import type { Db } from '@verbatim/projections/projector'
import { type ConversationEventType, limits, type MessagesPage, type Notice, type UserId } from '@verbatim/protocol'
import type { MessagesWindow } from '../port.ts'
import type { Access } from './may-read.ts'
import { isoTime, MESSAGE, type MessageRow, messageViews } from './message-views.ts'

/**
 * Pages of a conversation. A page holds the notices of a range of revisions that begins at its first message (or at the
 * very beginning, when nothing is before) and ends where it was asked to end, so neighbouring pages share no notice and
 * lose none, whether one reads upward or downward.
 */
export const messagesPage = (db: Db): ((access: Access, window: MessagesWindow) => MessagesPage) => {
  const views = messageViews(db)
  const notices = noticesBetween(db)
  const { older, newer, sentAt } = rowsOf(db)

  const page = (access: Access, rows: MessageRow[], from: number, to: number) => ({
    messages: views(access, rows),
    notices: notices(access.conversation, Math.max(from, access.first), to),
  })

  const upward = (access: Access, before: number, limit: number): MessagesPage => {
    const { rows, more } = cut(older(access, before, limit + 1), limit)
    rows.reverse()
    return { ...page(access, rows, more ? firstOf(rows) : 0, before), more }
  }

  const downward = (access: Access, after: number, limit: number): MessagesPage => {
    const { rows, more } = cut(newer(access, after + 1, limit + 1), limit)
    return { ...page(access, rows, after + 1, more ? lastOf(rows) + 1 : END), more }
  }

  /** Half of the page before, and half from there on; what one side lacks the other gives. */
  const around = (access: Access, at: number, limit: number): MessagesPage => {
    const next = newer(access, at, limit + 1)
    const wanted = Math.max(limit >> 1, limit - next.length)
    const before = cut(older(access, at, wanted + 1), wanted)
    const after = cut(next, limit - before.rows.length)
    const rows = [...before.rows.reverse(), ...after.rows]
    const from = before.more ? firstOf(rows) : 0
    const to = after.more ? lastOf(rows) + 1 : END
    return { ...page(access, rows, from, to), moreBefore: before.more, moreAfter: after.more }
  }

  /** First revision from which on every message was sent at that time or later: within a stream time never goes back. */
  const revisionAt = (access: Access, time: number): number => {
    let low = access.first
    let high = access.revision + 1
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      const message = sentAt(access, middle)
      if (message && message.at < time) low = message.revision + 1
      else high = middle
    }
    return low
  }

  return (access, window) => {
    const limit = Math.min(Math.max(Math.trunc(window.limit), 1), limits.page.max)
    if ('after' in window) return downward(access, window.after, limit)
    if ('around' in window) return around(access, window.around, limit)
    if ('at' in window) return around(access, revisionAt(access, window.at), limit)
    return upward(access, window.before ?? END, limit)
  }
}

/** Beyond every revision. */
const END = Number.MAX_SAFE_INTEGER

const firstOf = (rows: readonly MessageRow[]): number => rows[0]?.revision ?? 0
const lastOf = (rows: readonly MessageRow[]): number => rows.at(-1)?.revision ?? END
const cut = (rows: MessageRow[], limit: number) => ({ rows: rows.slice(0, limit), more: rows.length > limit })

const rowsOf = (db: Db) => {
  const older = db.prepare<[number, number, number, number], MessageRow>(
    `${MESSAGE} WHERE m.conversation = ? AND m.revision >= ? AND m.revision < ? ORDER BY m.revision DESC LIMIT ?`,
  )
  const newer = db.prepare<[number, number, number], MessageRow>(
    `${MESSAGE} WHERE m.conversation = ? AND m.revision >= ? ORDER BY m.revision LIMIT ?`,
  )
  const sentAt = db.prepare<[number, number], { revision: number; at: number }>(
    'SELECT revision, at FROM messages WHERE conversation = ? AND revision >= ? ORDER BY revision LIMIT 1',
  )
  return {
    older: ({ conversation, first }: Access, before: number, limit: number) =>
      older.all(conversation, first, before, limit),
    newer: ({ conversation, first }: Access, from: number, limit: number) =>
      newer.all(conversation, Math.max(from, first), limit),
    sentAt: ({ conversation }: Access, from: number) => sentAt.get(conversation, from),
  }
}

type NoticeRow = { revision: number; type: ConversationEventType; actor: UserId; at: number; data: string }

const noticesBetween = (db: Db): ((conversation: number, from: number, to: number) => Notice[]) => {
  const find = db.prepare<[number, number, number], NoticeRow>(
    `SELECT n.revision, n.type, p.id AS actor, n.at, n.data FROM notices AS n JOIN people AS p ON p.key = n.actor
     WHERE n.conversation = ? AND n.revision >= ? AND n.revision < ? ORDER BY n.revision`,
  )
  return (conversation, from, to) =>
    find.all(conversation, from, to).map(
      ({ revision, type, actor, at, data }): Notice => ({
        revision,
        type,
        actor,
        at: isoTime(at),
        data: JSON.parse(data),
      }),
    )
}
