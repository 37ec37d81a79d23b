import type { Db } from '@verbatim/projections/projector'
import type { ConversationId, Preferences, UserId } from '@verbatim/protocol'

type Bit = 0 | 1
type Own = { hidePresence: Bit; contact: Preferences['contact']; doNotDisturb: Bit; hideContent: Bit }
type Of = {
  conversation: ConversationId
  level: 'all' | 'mentions' | 'none' | null
  mutedUntil: string | null
  pinned: Bit | null
  archived: Bit | null
  markedUnread: Bit | null
}

/** What somebody has set, and the defaults for the rest. */
export const preferencesReader = (db: Db) => {
  const own = db.prepare<[UserId], Own>(
    'SELECT hidePresence, contact, doNotDisturb, hideContent FROM preferences WHERE user = ?',
  )
  const each = db.prepare<[UserId], Of>(
    `SELECT conversation, level, mutedUntil, pinned, archived, markedUnread FROM conversation_preferences
     WHERE user = ? ORDER BY conversation`,
  )
  return (user: UserId): Preferences => {
    const set = own.get(user)
    return {
      hidePresence: set?.hidePresence === 1,
      contact: set?.contact ?? 'everyone',
      doNotDisturb: set?.doNotDisturb === 1,
      hideContent: set?.hideContent === 1,
      conversations: Object.fromEntries(each.all(user).map((of) => [of.conversation, said(of)])),
    }
  }
}

/** Only what was ever set. */
const said = ({ level, mutedUntil, pinned, archived, markedUnread }: Of): Preferences['conversations'][string] => ({
  ...(level === null ? {} : { level }),
  ...(mutedUntil === null ? {} : { mutedUntil }),
  ...(pinned === null ? {} : { pinned: pinned === 1 }),
  ...(archived === null ? {} : { archived: archived === 1 }),
  ...(markedUnread === null ? {} : { markedUnread: markedUnread === 1 }),
})
