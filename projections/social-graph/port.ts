import type { At } from '@verbatim/projections/timelines'
import type { ConversationId, History, Me, Person, Preferences, Role, UserId } from '@verbatim/protocol'

export type Group = {
  readonly id: ConversationId
  readonly kind: 'direct' | 'group'
  readonly name: string | null
  readonly history: History
  readonly members: (Person & { role: Role })[]
}

/** The reader of profiles, friends, requests, groups, members, roles and preferences. */
export interface SocialGraph {
  me(user: UserId): Promise<At<Me | undefined>>
  person(user: UserId): Promise<At<Person | undefined>>
  /** In the order asked; unknown ones are left out. */
  people(users: readonly UserId[]): Promise<At<Person[]>>
  /** Oldest friendship first; so are requests and blocks. */
  friends(user: UserId): Promise<At<Person[]>>
  requests(user: UserId): Promise<At<{ incoming: Person[]; outgoing: Person[] }>>
  /** Whom the user has blocked. Nobody else is told. */
  blocked(user: UserId): Promise<At<Person[]>>
  /** `undefined` unless `user` is a member. Members in the order of joining. */
  conversation(user: UserId, conversation: ConversationId): Promise<At<Group | undefined>>
  preferences(user: UserId): Promise<At<Preferences>>
}
