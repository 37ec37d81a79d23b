import type { ConversationId, UserId } from '@verbatim/protocol'

/** Frames of the relay, put together from JSON that is there already. `events` is one or more public events joined by commas. */
export const conversationFrame = (conversation: ConversationId, events: string): string =>
  `{"type":"events","conversation":"${conversation}","events":[${events}]}`

export const userFrame = (event: string): string => `{"type":"events","user":true,"events":[${event}]}`

export const readFrame = (conversation: ConversationId, user: UserId, revision: number): string =>
  `{"type":"read","conversation":"${conversation}","user":"${user}","revision":${revision}}`
