import { type Db, openModelReader } from '@verbatim/projections/projector'
import type { ConversationId, Me, Person, UserId } from '@verbatim/protocol'
import type { Group, SocialGraph } from './port.ts'
import { preferencesReader } from './preferences-reader.ts'

/**
 * The model in one SQLite file, open for reading. Waits for the projector to make it.
 * @throws when it is not made within some seconds
 */
export const sqliteSocialGraph = async ({ file }: { file: string }): Promise<SocialGraph & { close(): void }> => {
  const { db, read, close } = await openModelReader(file)
  const me = db.prepare<[UserId], Me>('SELECT user AS id, handle, name, about FROM people WHERE user = ?')
  const person = db.prepare<[UserId], Person>('SELECT user AS id, handle, name FROM people WHERE user = ?')
  const friends = listOf(db, 'friend', 'friends WHERE user = ?')
  const incoming = listOf(db, '"from"', 'requests WHERE "to" = ?')
  const outgoing = listOf(db, '"to"', 'requests WHERE "from" = ?')
  const blocked = listOf(db, '"to"', 'blocks WHERE "from" = ?')
  const conversation = conversationReader(db)
  const preferences = preferencesReader(db)

  return {
    me: async (user) => read(() => me.get(user)),
    person: async (user) => read(() => person.get(user)),
    people: async (users) => read(() => users.flatMap((user) => person.get(user) ?? [])),
    friends: async (user) => read(() => friends.all(user)),
    requests: async (user) => read(() => ({ incoming: incoming.all(user), outgoing: outgoing.all(user) })),
    blocked: async (user) => read(() => blocked.all(user)),
    conversation: async (user, id) => read(() => conversation(user, id)),
    preferences: async (user) => read(() => preferences(user)),
    close,
  }
}

/** People of a list, oldest entry first; somebody unknown stands there without a name. */
const listOf = (db: Db, who: string, from: string) =>
  db.prepare<[UserId], Person>(
    `SELECT listed.id, handle, name FROM (SELECT ${who} AS id, at FROM ${from}) AS listed
     LEFT JOIN people ON people.user = listed.id ORDER BY at, listed.id`,
  )

const conversationReader = (db: Db) => {
  const group = db.prepare<[{ user: UserId; conversation: ConversationId }], Omit<Group, 'members'>>(
    `SELECT conversation AS id, kind, name, history FROM conversations WHERE conversation = @conversation
     AND EXISTS (SELECT 1 FROM members WHERE conversation = @conversation AND user = @user)`,
  )
  const members = db.prepare<[ConversationId], Group['members'][number]>(
    `SELECT members.user AS id, handle, name, role FROM members LEFT JOIN people USING (user)
     WHERE conversation = ? ORDER BY joined, place, members.user`,
  )
  return (user: UserId, conversation: ConversationId): Group | undefined => {
    const found = group.get({ user, conversation })
    return found && { ...found, members: members.all(conversation) }
  }
}
