import { type Manner, type ModelStore, sqliteStore } from '@verbatim/projections/projector'
import { type SocialGraphWrite, socialGraph } from './social-graph.ts'
import { socialGraphTables } from './tables.ts'
import { socialGraphWriter } from './writer.ts'

/** The model in one SQLite file, open for writing: for its projector alone. */
export const sqliteSocialGraphStore = (model: { file: string; manner?: Manner }): ModelStore<SocialGraphWrite> =>
  sqliteStore(
    model.file,
    { schema: socialGraphTables, writer: socialGraphWriter, version: socialGraph.version },
    model.manner,
  )

/** The whole model in an order of its own: equal models give equal rows, see `exportRows`. */
export const socialGraphExport = {
  people: 'SELECT user, handle, name, about FROM people ORDER BY user',
  requests: 'SELECT "from", "to", at FROM requests ORDER BY "from", "to"',
  friends: 'SELECT user, friend, at FROM friends ORDER BY user, friend',
  blocks: 'SELECT "from", "to", at FROM blocks ORDER BY "from", "to"',
  conversations: 'SELECT conversation, kind, name, history FROM conversations ORDER BY conversation',
  members: 'SELECT conversation, user, role, joined, place FROM members ORDER BY conversation, user',
  preferences: 'SELECT user, hidePresence, contact, doNotDisturb, hideContent FROM preferences ORDER BY user',
  conversation_preferences: `SELECT user, conversation, level, mutedUntil, pinned, archived, markedUnread
      FROM conversation_preferences ORDER BY user, conversation`,
}
