import type { ConversationId, UserId } from '@verbatim/protocol'
import type { Position } from '@verbatim/services/event-log'

/** Frames of the relay, put together from JSON that is there already. `events` is one or more public events joined by commas. */
export const conversationFrame = (conversation: ConversationId, events: string): string =>
  `{"type":"events","conversation":"${conversation}","events":[${events}]}`

/** With its position: what it tells of is read by whoever carries that. */
export const userFrame = (event: string, position: Position): string =>
  `{"type":"events","user":true,"position":"${position}","events":[${event}]}`

export const readFrame = (conversation: ConversationId, user: UserId, revision: number): string =>
  `{"type":"read","conversation":"${conversation}","user":"${user}","revision":${revision}}`
