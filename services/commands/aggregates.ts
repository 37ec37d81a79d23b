import type {
  AccountEvent,
  Asked,
  Category,
  ConversationEvent,
  DomainEvent,
  FriendshipEvent,
  Happened,
  MessageId,
  Order,
  Outcome,
  PreferencesEvent,
  ReadingEvent,
  UserId,
} from '@verbatim/protocol'
import { type Account, type AccountCommand, account } from './account/decider.ts'
import { weightOf } from './conversation/codec.ts'
import { type ConversationCommand, conversation } from './conversation/decider.ts'
import type { OldMessage, PersonFact } from './conversation/facts.ts'
import { type Needs, needsOf } from './conversation/needs.ts'
import { type Conversation, isMember, ordinalAt } from './conversation/state.ts'
import { type Friendship, type FriendshipCommand, friendship } from './friendship/decider.ts'
import { type Preferences, type PreferencesCommand, preferences } from './preferences/decider.ts'
import { type Reading, type ReadingCommand, reading } from './reading/decider.ts'

/** An aggregate as it is held in memory: its kind and its state. */
export type Aggregate =
  | { readonly category: 'account'; state: Account }
  | { readonly category: 'friendship'; state: Friendship }
  | { readonly category: 'conversation'; state: Conversation }
  | { readonly category: 'preferences'; state: Preferences }
  | { readonly category: 'reading'; state: Reading }

/** What is to be looked up for a command before it can be decided. */
export type Wanted = Needs & {
  readonly account?: UserId
  readonly membership?: Extract<PreferencesCommand, { type: 'SetConversationPreferences' }>['conversation']
  /** A revision of the conversation beside, older than its window. */
  readonly ordinal?: number
}
/** What was found. */
export type Found = {
  readonly people?: ReadonlyMap<UserId, PersonFact>
  readonly messages?: ReadonlyMap<MessageId, OldMessage>
  readonly forwardable?: boolean
  readonly exists?: boolean
  readonly member?: boolean
  readonly n?: number
}
/** What a decision is made on besides the state of its own aggregate. */
export type Beside = {
  /** The aggregate of the same key that is asked too. */
  readonly aggregate: Aggregate | undefined
  readonly found: Found
  readonly groupMembers: number
}
export type AnyAsked = Asked<Order['command']>

export const unborn = (category: Category): Aggregate => {
  switch (category) {
    case 'account':
      return { category, state: account.initial }
    case 'friendship':
      return { category, state: friendship.initial }
    case 'conversation':
      return { category, state: conversation.initial }
    case 'preferences':
      return { category, state: preferences.initial }
    case 'reading':
      return { category, state: reading.initial }
    case 'snapshot':
      throw new TypeError('a snapshot is no aggregate')
  }
}

export const evolve = (aggregate: Aggregate, event: Happened<DomainEvent>): void => {
  switch (aggregate.category) {
    case 'account':
      aggregate.state = account.evolve(aggregate.state, event as Happened<AccountEvent>)
      return
    case 'friendship':
      aggregate.state = friendship.evolve(aggregate.state, event as Happened<FriendshipEvent>)
      return
    case 'conversation':
      aggregate.state = conversation.evolve(aggregate.state, event as Happened<ConversationEvent>)
      return
    case 'preferences':
      aggregate.state = preferences.evolve(aggregate.state, event as Happened<PreferencesEvent>)
      return
    case 'reading':
      aggregate.state = reading.evolve(aggregate.state, event as Happened<ReadingEvent>)
  }
}

/** `undefined` when the command can be decided at once. */
export const wantedBy = (aggregate: Aggregate, asked: AnyAsked, beside: Beside): Wanted | undefined => {
  switch (asked.type) {
    case 'Register':
    case 'ChangeProfile':
    case 'SetPreferences':
    case 'CancelRequest':
    case 'AcceptFriend':
    case 'DeclineRequest':
    case 'Unfriend':
    case 'Unblock':
      return undefined
    case 'RequestFriend':
    case 'Block':
      return asked.user === asked.by ? undefined : { account: asked.user }
    case 'SetConversationPreferences':
      return { membership: asked.conversation }
    case 'MarkRead':
      return isOlderThanWindow(beside.aggregate, asked) ? { ordinal: asked.revision } : undefined
    default:
      return aggregate.category === 'conversation' ? needsOf(asked, aggregate.state, beside.groupMembers) : undefined
  }
}

export const decide = (aggregate: Aggregate, asked: AnyAsked, beside: Beside): Outcome<DomainEvent> => {
  const { found } = beside
  switch (aggregate.category) {
    case 'account':
      return account.decide(asked as Asked<AccountCommand>, aggregate.state, undefined)
    case 'friendship':
      return friendship.decide(asked as Asked<FriendshipCommand>, aggregate.state, { exists: found.exists ?? false })
    case 'conversation':
      return conversation.decide(asked as Asked<ConversationCommand>, aggregate.state, conversationFacts(beside))
    case 'preferences':
      return preferences.decide(asked as Asked<PreferencesCommand>, aggregate.state, { member: found.member ?? false })
    case 'reading':
      return reading.decide(asked as Asked<ReadingCommand>, aggregate.state, readingFacts(asked, beside))
  }
}

/** Roughly what it takes in memory, in bytes. */
export const weigh = (aggregate: Aggregate): number => {
  if (aggregate.category === 'conversation') return weightOf(aggregate.state)
  return aggregate.category === 'preferences' ? 300 + aggregate.state.conversations.size * 200 : 200
}

const nobody: ReadonlyMap<UserId, PersonFact> = new Map()
const nothing: ReadonlyMap<MessageId, OldMessage> = new Map()

const conversationFacts = ({ aggregate, found, groupMembers }: Beside) => ({
  blocked: aggregate?.category === 'friendship' && aggregate.state.blockers.length > 0,
  groupMembers,
  people: found.people ?? nobody,
  messages: found.messages ?? nothing,
  forwardable: found.forwardable ?? false,
})

const readingFacts = (asked: AnyAsked, { aggregate, found }: Beside) => {
  const room = aggregate?.category === 'conversation' ? aggregate.state : conversation.initial
  if (room.status === 'unstarted' || asked.type !== 'MarkRead') return { member: false, head: -1, n: 0 }
  return {
    member: isMember(room, asked.by),
    head: room.revision,
    n: ordinalAt(room, asked.revision) ?? found.n ?? 0,
  }
}

const isOlderThanWindow = (aggregate: Aggregate | undefined, asked: Asked<ReadingCommand>): boolean => {
  if (aggregate?.category !== 'conversation' || aggregate.state.status === 'unstarted') return false
  return isMember(aggregate.state, asked.by) && ordinalAt(aggregate.state, asked.revision) === undefined
}
