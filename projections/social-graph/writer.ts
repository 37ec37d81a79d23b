import type { Db, SqliteWriter } from '@verbatim/projections/projector'
import type { SocialGraphWrite } from './social-graph.ts'

type Of<Kind extends SocialGraphWrite['kind']> = Extract<SocialGraphWrite, { kind: Kind }>
type Writers = { readonly [Kind in SocialGraphWrite['kind']]: (write: Of<Kind>) => void }

export const socialGraphWriter = (db: Db): SqliteWriter<SocialGraphWrite> => {
  const writers: Writers = { ...profiles(db), ...friendships(db), ...conversations(db), ...preferences(db) }
  return {
    write: <Kind extends SocialGraphWrite['kind']>(write: Of<Kind>) =>
      (writers[write.kind] as (write: Of<Kind>) => void)(write),
  }
}

const profiles = (db: Db): Pick<Writers, 'person' | 'profile'> => {
  const put = db.prepare("INSERT OR REPLACE INTO people (user, handle, name, about) VALUES (@user, @handle, @name, '')")
  const rename = db.prepare('UPDATE people SET name = @name WHERE user = @user')
  const describe = db.prepare('UPDATE people SET about = @about WHERE user = @user')
  return {
    person: (write) => put.run(write),
    profile({ user, name, about }) {
      if (name !== undefined) rename.run({ user, name })
      if (about !== undefined) describe.run({ user, about })
    },
  }
}

type FriendshipKind = 'request' | 'no-request' | 'friends' | 'no-friends' | 'block' | 'no-block'
const friendships = (db: Db): Pick<Writers, FriendshipKind> => {
  const request = db.prepare('INSERT OR REPLACE INTO requests ("from", "to", at) VALUES (@from, @to, @at)')
  const noRequest = db.prepare('DELETE FROM requests WHERE ("from", "to") IN (VALUES (@one, @other), (@other, @one))')
  const friends = db.prepare(
    'INSERT OR REPLACE INTO friends (user, friend, at) VALUES (@one, @other, @at), (@other, @one, @at)',
  )
  const noFriends = db.prepare('DELETE FROM friends WHERE (user, friend) IN (VALUES (@one, @other), (@other, @one))')
  const block = db.prepare('INSERT OR REPLACE INTO blocks ("from", "to", at) VALUES (@from, @to, @at)')
  const noBlock = db.prepare('DELETE FROM blocks WHERE "from" = @from AND "to" = @to')
  return {
    request: (write) => request.run(write),
    'no-request': (write) => noRequest.run(write),
    friends: (write) => friends.run(write),
    'no-friends': (write) => noFriends.run(write),
    block: (write) => block.run(write),
    'no-block': (write) => noBlock.run(write),
  }
}

type ConversationKind = 'conversation' | 'renamed' | 'member' | 'no-member' | 'role'
const conversations = (db: Db): Pick<Writers, ConversationKind> => {
  const put = db.prepare(
    'INSERT OR REPLACE INTO conversations (conversation, kind, name, history) VALUES (@conversation, @is, @name, @history)',
  )
  const rename = db.prepare('UPDATE conversations SET name = @name WHERE conversation = @conversation')
  const member = db.prepare(
    `INSERT OR REPLACE INTO members (conversation, user, role, joined, place)
     VALUES (@conversation, @user, @role, @joined, @place)`,
  )
  const noMember = db.prepare('DELETE FROM members WHERE conversation = @conversation AND user = @user')
  const role = db.prepare('UPDATE members SET role = @role WHERE conversation = @conversation AND user = @user')
  return {
    conversation: (write) => put.run(write),
    renamed: (write) => rename.run(write),
    member: (write) => member.run(write),
    'no-member': (write) => noMember.run(write),
    role: (write) => role.run(write),
  }
}

const preferences = (db: Db): Pick<Writers, 'preferences' | 'conversation-preferences'> => {
  const put = db.prepare('INSERT OR IGNORE INTO preferences (user) VALUES (@user)')
  const set = db.prepare(
    `UPDATE preferences SET hidePresence = coalesce(@hidePresence, hidePresence), contact = coalesce(@contact, contact),
       doNotDisturb = coalesce(@doNotDisturb, doNotDisturb), hideContent = coalesce(@hideContent, hideContent)
     WHERE user = @user`,
  )
  const putOne = db.prepare(
    'INSERT OR IGNORE INTO conversation_preferences (user, conversation) VALUES (@user, @conversation)',
  )
  const setOne = db.prepare(
    `UPDATE conversation_preferences SET level = coalesce(@level, level),
       mutedUntil = iif(@mutes, @mutedUntil, mutedUntil), pinned = coalesce(@pinned, pinned),
       archived = coalesce(@archived, archived), markedUnread = coalesce(@markedUnread, markedUnread)
     WHERE user = @user AND conversation = @conversation`,
  )
  return {
    preferences({ user, set: { hidePresence, contact, doNotDisturb, hideContent } }) {
      put.run({ user })
      set.run({
        user,
        hidePresence: bit(hidePresence),
        contact: contact ?? null,
        doNotDisturb: bit(doNotDisturb),
        hideContent: bit(hideContent),
      })
    },
    'conversation-preferences'({ user, set: { conversation, level, mutedUntil, pinned, archived, markedUnread } }) {
      putOne.run({ user, conversation })
      setOne.run({
        user,
        conversation,
        level: level ?? null,
        // `null` is an answer here: not muted any more.
        mutes: bit(mutedUntil !== undefined),
        mutedUntil: mutedUntil ?? null,
        pinned: bit(pinned),
        archived: bit(archived),
        markedUnread: bit(markedUnread),
      })
    },
  }
}

/** SQLite knows no booleans; `null` leaves what is there. */
const bit = (value: boolean | undefined): 0 | 1 | null => (value === undefined ? null : value ? 1 : 0)
