import type { ConversationId, UserId } from './ids.ts'

declare const stream: unique symbol
/** `category-id`. Made only here, from checked ids: a raw template string does not compile. */
export type StreamName = string & { readonly [stream]: true }

export const CATEGORIES = ['account', 'friendship', 'conversation', 'preferences', 'reading', 'snapshot'] as const
export type Category = (typeof CATEGORIES)[number]

export const accountStream = (user: UserId) => `account-${user}` as StreamName
/** `pair` is the id of the direct conversation of the two. */
export const friendshipStream = (pair: ConversationId) => `friendship-${pair}` as StreamName
export const conversationStream = (conversation: ConversationId) => `conversation-${conversation}` as StreamName
export const preferencesStream = (user: UserId) => `preferences-${user}` as StreamName
export const readingStream = (conversation: ConversationId, user: UserId) =>
  `reading-${conversation}_${user}` as StreamName
/** The stream that keeps the newest snapshot of another stream's state. */
export const snapshotStream = (of: StreamName) => `snapshot-${of.replace('-', '_')}` as StreamName

export const categoryOf = (name: StreamName): Category => name.slice(0, name.indexOf('-')) as Category
/** What stands after the dash: `01J…`, or `<conversation>_<user>` for a reading. */
export const idOf = (name: StreamName): string => name.slice(name.indexOf('-') + 1)
/** Of a compacted stream only the last event is kept. */
export const isCompacted = (name: StreamName): boolean => name.startsWith('reading-') || name.startsWith('snapshot-')
/** Reads a stream name back from a store, which holds only what these functions made. */
export const asStreamName = (stored: string): StreamName => stored as StreamName

declare const topic: unique symbol
/** What sockets subscribe to and the relay publishes to. */
export type Topic = string & { readonly [topic]: true }
export const conversationTopic = (conversation: ConversationId) => `c/${conversation}` as Topic
export const userTopic = (user: UserId) => `u/${user}` as Topic
