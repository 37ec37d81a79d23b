import type { Db } from '@verbatim/projections/projector'

const byId = '(SELECT revision FROM messages WHERE conversation = ? AND id = ?)'

/** What the writer does to the tables, one statement for each write. */
export const statements = (db: Db) => ({
  started: db.prepare('UPDATE conversations SET kind = ?, name = ?, history = ? WHERE key = ?'),
  named: db.prepare('UPDATE conversations SET name = ? WHERE key = ?'),
  joined: db.prepare(
    `INSERT INTO members (conversation, person, joined, n) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET joined = excluded.joined, n = excluded.n`,
  ),
  gone: db.prepare('DELETE FROM members WHERE conversation = ? AND person = ?'),
  notice: db.prepare('INSERT INTO notices (conversation, revision, type, actor, at, data) VALUES (?, ?, ?, ?, ?, ?)'),
  message: db.prepare('INSERT INTO messages (conversation, revision, id, sender, at, body) VALUES (?, ?, ?, ?, ?, ?)'),
  /** What it says until now, and since when. */
  keepEdit: db.prepare(
    `INSERT INTO edits (conversation, message, revision, at, body)
     SELECT conversation, revision, ?, coalesce(edited, at), body FROM messages WHERE conversation = ? AND id = ?`,
  ),
  edited: db.prepare('UPDATE messages SET body = ?, edited = ? WHERE conversation = ? AND id = ?'),
  // The text stays here, out of every answer's reach, for whoever restores it.
  deleted: db.prepare('UPDATE messages SET deletedBy = ?, deletedAt = ? WHERE conversation = ? AND id = ?'),
  restored: db.prepare(
    'UPDATE messages SET body = ?, deletedBy = NULL, deletedAt = NULL WHERE conversation = ? AND id = ?',
  ),
  /** An emoji keeps its place among the others for as long as anybody stands by it. */
  reacted: db.prepare(
    `INSERT INTO reactions (conversation, message, emoji, person, revision, since)
     SELECT $c, m.revision, $emoji, $person, $revision, coalesce((
       SELECT since FROM reactions WHERE conversation = $c AND message = m.revision AND emoji = $emoji LIMIT 1
     ), $revision)
     FROM messages AS m WHERE m.conversation = $c AND m.id = $message
     ON CONFLICT DO NOTHING`,
  ),
  unreacted: db.prepare(
    `DELETE FROM reactions WHERE conversation = ? AND message = ${byId} AND emoji = ? AND person = ?`,
  ),
  pinned: db.prepare(
    `INSERT INTO pins (revision, conversation, message)
     SELECT ?, conversation, revision FROM messages WHERE conversation = ? AND id = ?
     ON CONFLICT DO NOTHING`,
  ),
  unpinned: db.prepare(`DELETE FROM pins WHERE conversation = ? AND message = ${byId}`),
})
