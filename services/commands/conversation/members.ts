import {
  type Asked,
  accept,
  type Command,
  type CommandType,
  type ConversationEvent,
  directConversation,
  nothingToDo,
  type Outcome,
  refuse,
  type UserId,
} from '@verbatim/protocol'
import type { ConversationFacts, PersonFact } from './facts.ts'
import type { Conversation, Member, Open } from './state.ts'

/** What a decision of a member is made on. */
export type Room = { readonly state: Open; readonly member: Member; readonly facts: ConversationFacts }
export type Ask<Type extends CommandType> = Asked<Command<Type>>
export type Decision = Outcome<ConversationEvent>

export const openDirect = (
  { by, user }: Ask<'OpenDirect'>,
  state: Conversation,
  facts: ConversationFacts,
): Decision => {
  if (user === by) return refuse('yourself')
  if (facts.blocked) return refuse('blocked')
  // Who has let somebody in goes on talking with him, also after asking for friends only.
  if (state.status === 'open') return nothingToDo
  const reason = whyNot(facts.people.get(user))
  if (reason) return reason
  const members: [UserId, UserId] = by < user ? [by, user] : [user, by]
  return accept({ type: 'DirectOpened', data: { conversation: directConversation(by, user), members } })
}

export const startGroup = (command: Ask<'StartGroup'>, state: Conversation, facts: ConversationFacts): Decision => {
  const { by, conversation, name, history = 'whole' } = command
  if (state.status === 'open') return refuse('conversation-exists')
  const members = founders(command)
  if (members.length > facts.groupMembers) return refuse('group-full')
  for (const user of members) {
    const reason = user === by ? undefined : whyNot(facts.people.get(user))
    if (reason) return reason
  }
  return accept({ type: 'GroupStarted', data: { conversation, name, members, history } })
}

/** The creator and everybody named, once. */
export const founders = ({ by, members }: { by: UserId; members: readonly UserId[] }): UserId[] => [
  ...new Set([by, ...members]),
]

/** The same new name twice in a row is known by its digest: the state keeps no words. */
export const rename = ({ name, digest }: Ask<'Rename'>, { state }: Room): Decision => {
  if (state.kind === 'direct') return refuse('not-a-group')
  return digest === state.name ? nothingToDo : accept({ type: 'GroupRenamed', data: { name } })
}

export const addMember = ({ user }: Ask<'AddMember'>, { state, facts }: Room): Decision => {
  if (state.kind === 'direct') return refuse('not-a-group')
  if (state.members.has(user)) return nothingToDo
  if (state.members.size >= facts.groupMembers) return refuse('group-full')
  return whyNot(facts.people.get(user)) ?? accept({ type: 'MemberAdded', data: { user, n: state.n } })
}

export const removeMember = (command: Ask<'RemoveMember'>, room: Room): Decision => {
  const { state, member } = room
  if (state.kind === 'direct') return refuse('not-a-group')
  if (command.user === command.by) return leave(command, room)
  if (member.role !== 'admin') return refuse('not-allowed')
  if (!state.members.has(command.user)) return nothingToDo
  return accept({ type: 'MemberRemoved', data: { user: command.user } })
}

export const leave = ({ by }: { by: UserId }, { state, member }: Room): Decision => {
  if (state.kind === 'direct') return refuse('not-a-group')
  if (isLastAdmin(state, member) && state.members.size > 1) return refuse('last-admin')
  return accept({ type: 'MemberLeft', data: { user: by } })
}

export const changeRole = ({ user, role }: Ask<'ChangeRole'>, { state, member }: Room): Decision => {
  if (state.kind === 'direct') return refuse('not-a-group')
  if (member.role !== 'admin') return refuse('not-allowed')
  const other = state.members.get(user)
  if (!other) return refuse('no-such-member')
  if (other.role === role) return nothingToDo
  // Also when nobody else is there: whoever is added later would find a group that nobody can tend.
  if (isLastAdmin(state, other)) return refuse('last-admin')
  return accept({ type: 'RoleChanged', data: { user, role } })
}

const isLastAdmin = (state: Open, member: Member): boolean => {
  if (member.role !== 'admin') return false
  for (const other of state.members.values()) if (other !== member && other.role === 'admin') return false
  return true
}

/** Why the asker may not bring this person into a conversation. */
const whyNot = (person: PersonFact | undefined): Decision | undefined => {
  if (!person?.exists) return refuse('no-such-person')
  if (person.blocked) return refuse('blocked')
  if (person.friendsOnly && !person.friends) return refuse('friends-only')
  return undefined
}
