import { z } from 'zod'
import { storedBody } from './events.ts'
import { type Notice, noticeSchema, type PublicEvent, publicEventSchema } from './public-events.ts'
import { type Refusal, reasons } from './refusals.ts'
import * as words from './words.ts'

/** Bodies of requests. Everything else comes in the path or the query. */
export const requests = {
  register: z.strictObject({ handle: words.handle, name: words.name, password: words.password }),
  /** Not the words of `register`: what cannot be a handle or a password is answered like any wrong one. */
  login: z.strictObject({ handle: z.string().max(64).toLowerCase(), password: z.string().max(1_024) }),
  friend: z.strictObject({ user: words.ulid }),
} as const

const person = z.object({
  id: words.ulid,
  handle: z.string().nullable().meta({ description: '`null` when the account was erased' }),
  name: z.string().nullable(),
  avatar: z.string().exactOptional(),
})
const me = person.extend({ about: z.string().nullable().exactOptional() })
const accessToken = {
  accessToken: z.string().meta({ description: 'For `Authorization: Bearer`; kept in memory only' }),
  expiresIn: z.int().meta({ description: 'Seconds' }),
}
const session = z.object({
  id: words.ulid,
  device: z.string(),
  createdAt: words.time,
  lastSeen: words.time,
  current: z.boolean(),
})

const message = z.object({
  id: words.ulid,
  revision: z.int(),
  sender: words.ulid,
  sentAt: words.time,
  body: storedBody.meta({ description: '`null` when it was deleted or erased' }),
  edited: words.time.exactOptional(),
  deleted: z.literal(true).exactOptional(),
  reactions: z
    .array(z.object({ emoji: z.string(), users: z.array(words.ulid) }))
    .meta({ description: 'In the order in which each emoji was first used' }),
  replyTo: words.ulid.exactOptional(),
})
const more = z.boolean().meta({ description: 'There is more in the direction asked' })

const kind = z.enum(['direct', 'group'])
const conversationSummary = z.object({
  id: words.conversationId,
  kind,
  name: z.string().nullable().meta({ description: "The peer's name in a direct conversation" }),
  peer: person.exactOptional(),
  revision: z.int(),
  readUpTo: z.int().meta({ description: 'Revision of the last message read; -1 before any' }),
  unread: z.int(),
  last: message.exactOptional(),
})
const conversationPreferences = z.object({
  level: z.enum(['all', 'mentions', 'none']).exactOptional(),
  mutedUntil: words.time.nullable().exactOptional(),
  pinned: z.boolean().exactOptional(),
  archived: z.boolean().exactOptional(),
  markedUnread: z.boolean().exactOptional(),
})
const preferences = z.object({
  hidePresence: z.boolean(),
  contact: z.enum(['everyone', 'friends']),
  doNotDisturb: z.boolean(),
  hideContent: z.boolean(),
  conversations: z.record(z.string(), conversationPreferences),
})

/** What the rows of the contract answer with. */
export const answers = {
  signedIn: z.object({ user: person, ...accessToken }),
  refreshed: z.object(accessToken),
  providers: z.object({ local: z.boolean(), providers: z.array(z.object({ id: z.string(), name: z.string() })) }),
  linkedProviders: z.object({
    providers: z.array(z.object({ id: z.string(), name: z.string(), linked: z.boolean() })),
  }),
  wayToProvider: z.object({ url: z.string().meta({ description: 'Where the browser goes to' }) }),
  sessions: z.object({ sessions: z.array(session) }),
  me: z.object({ user: me }),
  person,
  people: z.object({ users: z.array(person) }),
  friends: z.object({ friends: z.array(person) }),
  friendRequests: z.object({ incoming: z.array(person), outgoing: z.array(person) }),
  preferences: z.object({ preferences }),
  conversations: z.object({
    conversations: z.array(conversationSummary),
    more,
    cursor: z.string().exactOptional().meta({ description: 'For `before` of the next page' }),
  }),
  conversation: z.object({
    id: words.conversationId,
    kind,
    name: z.string().nullable(),
    revision: z.int(),
    history: words.history,
    members: z.array(person.extend({ role: words.role })).meta({ description: 'In the order of joining' }),
    emojis: z.array(z.never()),
    pins: z.array(words.ulid),
  }),
  messages: z.object({
    messages: z.array(message).meta({ description: 'Oldest first' }),
    notices: z.array(noticeSchema).meta({ description: 'What happened between the messages' }),
    more: more.exactOptional(),
    moreBefore: z.boolean().exactOptional().meta({ description: 'With `around` and `at`, instead of `more`' }),
    moreAfter: z.boolean().exactOptional(),
  }),
  events: z.object({ events: z.array(publicEventSchema), more }),
  edits: z.object({ edits: z.array(z.object({ at: words.time, body: storedBody })) }),
  readers: z.object({ readers: z.array(z.object({ user: words.ulid, revision: z.int(), at: words.time })) }),
  accepted: z.object({
    id: words.ulid,
    revision: z.int().meta({ description: 'Of the last event of the command in its stream' }),
    position: z.string().meta({ description: 'Opaque; carry it as X-Verbatim-Position to read your write' }),
    conversation: words.conversationId.exactOptional(),
  }),
  refusal: z.object({
    refused: z.enum(reasons),
    detail: z.string().exactOptional(),
    retryAfter: z.number().exactOptional().meta({ description: 'Seconds. Every 429 and 503 carries it' }),
  }) satisfies z.ZodType<Refusal>,
} as const

/** `null` names belong to people who erased their account. */
export type Person = z.infer<typeof person>
export type Me = z.infer<typeof me>
export type SignedIn = z.infer<typeof answers.signedIn>
export type SessionView = z.infer<typeof session>
export type MessageView = z.infer<typeof message>
export type MessagesPage = Omit<z.infer<typeof answers.messages>, 'notices'> & { notices: Notice[] }
export type ConversationSummary = z.infer<typeof conversationSummary>
export type ConversationsPage = z.infer<typeof answers.conversations>
export type ConversationDetails = z.infer<typeof answers.conversation>
export type EventsPage = { events: PublicEvent[]; more: boolean }
export type EditsView = z.infer<typeof answers.edits>
export type ReadersView = z.infer<typeof answers.readers>
export type Preferences = z.infer<typeof preferences>
