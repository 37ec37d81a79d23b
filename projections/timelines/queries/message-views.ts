import type { Db } from '@verbatim/projections/projector'
import type { MessageId, MessageView, StoredBody, UserId } from '@verbatim/protocol'
import type { Access } from './may-read.ts'

export type MessageRow = {
  readonly revision: number
  readonly id: MessageId
  readonly sender: UserId
  readonly at: number
  readonly body: string | null
  readonly edited: number | null
  readonly deletedBy: UserId | null
  readonly deletedAt: number | null
}
export const MESSAGE = `
  SELECT m.revision, m.id, s.id AS sender, m.at, m.body, m.edited, d.id AS deletedBy, m.deletedAt
  FROM messages AS m
  JOIN people AS s ON s.key = m.sender
  LEFT JOIN people AS d ON d.key = m.deletedBy`

export const isoTime = (at: number): string => new Date(at).toISOString()
export const bodyOf = (json: string | null): StoredBody => (json === null ? null : JSON.parse(json))

/** Messages as a member sees them. `rows` are neighbours in a conversation, oldest first. */
export const messageViews = (db: Db): ((access: Access, rows: readonly MessageRow[]) => MessageView[]) => {
  const reactionsIn = reactionsBetween(db)
  const revisionOf = db
    .prepare<[number, string], number>('SELECT revision FROM messages WHERE conversation = ? AND id = ?')
    .pluck()

  /** What he answers to is left out where it lies before the member's joining. */
  const visible = (access: Access, body: StoredBody): StoredBody => {
    if (access.first === 0 || body?.replyTo === undefined) return body
    if ((revisionOf.get(access.conversation, body.replyTo) ?? -1) >= access.first) return body
    const { replyTo: _, ...rest } = body
    return rest
  }

  return (access, rows) => {
    const first = rows[0]
    const last = rows.at(-1)
    if (!first || !last) return []
    const reactions = reactionsIn(access.conversation, first.revision, last.revision)
    return rows.map((row) => {
      const { id, revision, sender } = row
      const head = { id, revision, sender, sentAt: isoTime(row.at) }
      const edited = row.edited === null ? undefined : { edited: isoTime(row.edited) }
      if (row.deletedAt !== null) return { ...head, body: null, ...edited, deleted: true, reactions: [] }
      const body = visible(access, bodyOf(row.body))
      const replyTo = body?.replyTo === undefined ? undefined : { replyTo: body.replyTo }
      return { ...head, body, ...edited, reactions: reactions.get(revision) ?? [], ...replyTo }
    })
  }
}

type Reactions = MessageView['reactions']

/** By revision of the message; emojis in the order of their first use, people in theirs. */
export const reactionsBetween = (db: Db): ((c: number, first: number, last: number) => Map<number, Reactions>) => {
  const find = db.prepare<[number, number, number], { message: number; emoji: string; user: UserId }>(
    `SELECT r.message, r.emoji, p.id AS user FROM reactions AS r JOIN people AS p ON p.key = r.person
     WHERE r.conversation = ? AND r.message BETWEEN ? AND ? ORDER BY r.message, r.since, r.revision`,
  )
  return (c, first, last) => {
    const found = new Map<number, Reactions>()
    for (const { message, emoji, user } of find.all(c, first, last)) {
      const reactions = found.get(message) ?? []
      found.set(message, reactions)
      const latest = reactions.at(-1)
      if (latest?.emoji === emoji) latest.users.push(user)
      else reactions.push({ emoji, users: [user] })
    }
    return found
  }
}
