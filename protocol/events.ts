import { z } from 'zod'
import type { Category } from './addresses.ts'
import * as words from './words.ts'

const { ulid, conversationId } = words

/**
 * Marks a field as personal: a later version seals it with a key per person, so every consumer takes `null` in it
 * and shows it as erased. Snapshots and stream names hold none.
 */
const personal = <S extends z.ZodType>(schema: S) => schema.nullable().meta({ personal: true })

const event = <Shape extends z.core.$ZodLooseShape>(schema: number, category: Category, fields: Shape) => ({
  schema,
  category,
  data: z.object(fields),
})

/** What a message says once it is stored; `null` where it was deleted or erased. */
export const storedBody = personal(
  z.object({
    text: z.string().exactOptional(),
    replyTo: ulid.exactOptional(),
    mentions: z.array(ulid).exactOptional(),
    forwardedFrom: ulid.exactOptional(),
  }),
)
export type StoredBody = z.infer<typeof storedBody>

/**
 * Members who joined after the message that is edited, restored or answered, where a group shows only what came since
 * one's joining: they are told less. First in the data, and never told itself.
 */
const unseenBy = { unseenBy: z.array(ulid).exactOptional() }

/** Every event type: the version of its schema, the category of its stream, its data. */
export const eventSchemas = {
  AccountRegistered: event(1, 'account', { user: ulid, handle: personal(z.string()), name: personal(z.string()) }),
  ProfileChanged: event(1, 'account', {
    user: ulid,
    name: personal(z.string()).exactOptional(),
    about: personal(z.string()).exactOptional(),
  }),

  FriendRequested: event(1, 'friendship', { from: ulid, to: ulid }),
  RequestCancelled: event(1, 'friendship', { from: ulid, to: ulid }),
  RequestDeclined: event(1, 'friendship', { from: ulid, to: ulid }),
  /** `from` asked, `to` accepted; a crossing request is accepted by being sent. */
  FriendAccepted: event(1, 'friendship', { from: ulid, to: ulid }),
  FriendRemoved: event(1, 'friendship', { from: ulid, to: ulid }),
  PersonBlocked: event(1, 'friendship', { from: ulid, to: ulid }),
  PersonUnblocked: event(1, 'friendship', { from: ulid, to: ulid }),

  DirectOpened: event(1, 'conversation', { conversation: conversationId, members: z.tuple([ulid, ulid]) }),
  /** `members` holds the creator too, who is its first admin. */
  GroupStarted: event(1, 'conversation', {
    conversation: conversationId,
    name: personal(z.string()),
    members: z.array(ulid),
    history: words.history,
  }),
  GroupRenamed: event(1, 'conversation', { name: personal(z.string()) }),
  /** `n` is the ordinal of the last message at that moment: what came before is not unread to the new member. */
  MemberAdded: event(1, 'conversation', { user: ulid, n: z.int() }),
  MemberRemoved: event(1, 'conversation', { user: ulid }),
  MemberLeft: event(1, 'conversation', { user: ulid }),
  RoleChanged: event(1, 'conversation', { user: ulid, role: words.role }),
  /** `n` counts the messages of the conversation from 1. */
  MessageSent: event(1, 'conversation', { ...unseenBy, message: ulid, n: z.int(), body: storedBody }),
  MessageEdited: event(1, 'conversation', { ...unseenBy, message: ulid, body: storedBody }),
  MessageDeleted: event(1, 'conversation', { message: ulid }),
  /** Carries what the message said last, so that a screen which never had it can show it. */
  MessageRestored: event(1, 'conversation', { ...unseenBy, message: ulid, body: storedBody }),
  ReactionAdded: event(1, 'conversation', { message: ulid, emoji: z.string() }),
  ReactionRemoved: event(1, 'conversation', { message: ulid, emoji: z.string() }),
  MessagePinned: event(1, 'conversation', { message: ulid }),
  MessageUnpinned: event(1, 'conversation', { message: ulid }),

  PreferencesSet: event(1, 'preferences', {
    hidePresence: z.boolean().exactOptional(),
    contact: z.enum(['everyone', 'friends']).exactOptional(),
    doNotDisturb: z.boolean().exactOptional(),
    hideContent: z.boolean().exactOptional(),
  }),
  ConversationPreferencesSet: event(1, 'preferences', {
    conversation: conversationId,
    level: z.enum(['all', 'mentions', 'none']).exactOptional(),
    mutedUntil: words.time.nullable().exactOptional(),
    pinned: z.boolean().exactOptional(),
    archived: z.boolean().exactOptional(),
    markedUnread: z.boolean().exactOptional(),
  }),

  /** `revision` of the last message seen and its ordinal. */
  ReadUpTo: event(1, 'reading', { conversation: conversationId, user: ulid, revision: z.int(), n: z.int() }),

  /** State of an aggregate after `revision` of its stream, as its own codec wrote it; `version` of that codec. */
  SnapshotTaken: event(1, 'snapshot', { revision: z.int(), version: z.int(), state: z.unknown() }),
} as const

export type EventType = keyof typeof eventSchemas
export type DataOf<Type extends EventType> = z.infer<(typeof eventSchemas)[Type]['data']>
/** An event as deciders return it and `evolve` takes it. */
export type DomainEvent<Type extends EventType = EventType> = {
  [T in EventType]: { readonly type: T; readonly data: DataOf<T> }
}[Type]
export type AccountEvent = DomainEvent<'AccountRegistered' | 'ProfileChanged'>
export type FriendshipEventType =
  | 'FriendRequested'
  | 'RequestCancelled'
  | 'RequestDeclined'
  | 'FriendAccepted'
  | 'FriendRemoved'
  | 'PersonBlocked'
  | 'PersonUnblocked'
export type FriendshipEvent = DomainEvent<FriendshipEventType>
export type ConversationEventType =
  | 'DirectOpened'
  | 'GroupStarted'
  | 'GroupRenamed'
  | 'MemberAdded'
  | 'MemberRemoved'
  | 'MemberLeft'
  | 'RoleChanged'
  | 'MessageSent'
  | 'MessageEdited'
  | 'MessageDeleted'
  | 'MessageRestored'
  | 'ReactionAdded'
  | 'ReactionRemoved'
  | 'MessagePinned'
  | 'MessageUnpinned'
export type ConversationEvent = DomainEvent<ConversationEventType>
export type PreferencesEvent = DomainEvent<'PreferencesSet' | 'ConversationPreferencesSet'>
export type ReadingEvent = DomainEvent<'ReadUpTo'>

export const isEventType = (type: string): type is EventType => Object.hasOwn(eventSchemas, type)
