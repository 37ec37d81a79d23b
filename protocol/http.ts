import { z } from 'zod'
import type { StoredBody } from './events.ts'
import type { ConversationId, MessageId, SessionId, UserId } from './ids.ts'
import type { PublicEvent, PublicEventType } from './public-events.ts'
import type { Role } from './words.ts'
import * as words from './words.ts'

/** Bodies of requests. Everything else comes in the path or the query. */
export const requests = {
  register: z.strictObject({ handle: words.handle, name: words.name, password: words.password }),
  /** Not the words of `register`: what cannot be a handle or a password is answered like any wrong one. */
  login: z.strictObject({ handle: z.string().max(64).toLowerCase(), password: z.string().max(1_024) }),
  friend: z.strictObject({ user: words.ulid }),
} as const

/** `null` names belong to people who erased their account. */
export type Person = { id: UserId; handle: string | null; name: string | null; avatar?: string }
export type Me = Person & { about?: string | null }
export type SignedIn = { user: Person; accessToken: string /** Seconds. */; expiresIn: number }
export type SessionView = { id: SessionId; device: string; createdAt: string; lastSeen: string; current: boolean }

export type MessageView = {
  id: MessageId
  revision: number
  sender: UserId
  sentAt: string
  /** `null` when it was deleted or erased. */
  body: StoredBody
  edited?: string
  deleted?: true
  /** In the order in which each emoji was first used. */
  reactions: { emoji: string; users: UserId[] }[]
  replyTo?: MessageId
}
/** What happened between the messages. */
export type Notice = {
  [Type in PublicEventType]: Pick<PublicEvent<Type>, 'revision' | 'type' | 'actor' | 'at' | 'data'>
}[PublicEventType]
export type MessagesPage = {
  messages: MessageView[]
  notices: Notice[]
  more?: boolean
  moreBefore?: boolean
  moreAfter?: boolean
}
export type ConversationSummary = {
  id: ConversationId
  kind: 'direct' | 'group'
  /** The peer's name in a direct conversation. */
  name: string | null
  peer?: Person
  revision: number
  /** Revision of the last message read; -1 before any. */
  readUpTo: number
  unread: number
  last?: MessageView
}
export type ConversationsPage = { conversations: ConversationSummary[]; more: boolean; cursor?: string }
export type ConversationDetails = {
  id: ConversationId
  kind: 'direct' | 'group'
  name: string | null
  revision: number
  history: 'whole' | 'since-joining'
  members: (Person & { role: Role })[]
  emojis: never[]
  pins: MessageId[]
}
export type EventsPage = { events: PublicEvent[]; more: boolean }
export type EditsView = { edits: { at: string; body: StoredBody }[] }
export type ReadersView = { readers: { user: UserId; revision: number; at: string }[] }
export type Preferences = {
  hidePresence: boolean
  contact: 'everyone' | 'friends'
  doNotDisturb: boolean
  hideContent: boolean
  conversations: Record<
    string,
    {
      level?: 'all' | 'mentions' | 'none'
      mutedUntil?: string | null
      pinned?: boolean
      archived?: boolean
      markedUnread?: boolean
    }
  >
}
