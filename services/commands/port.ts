import type { Answer, ConversationId, MessageId, Order, StoredBody, UserId } from '@verbatim/protocol'
import type { EventLog, Position } from '@verbatim/services/event-log'

/** A message that a decider's state has forgotten, as a read model knows it. */
export type MessageFact = {
  readonly message: MessageId
  readonly sender: UserId
  /** Of the event by which it was sent. */
  readonly revision: number
  readonly deleted?: { readonly by: UserId; readonly at: number }
  /** What it says, or said last before it was deleted. */
  readonly body: StoredBody
  readonly reactions: readonly { readonly emoji: string; readonly users: readonly UserId[] }[]
}

/**
 * A read model of messages, for decisions about old ones. Both answer only from a model that has reached `notBefore`,
 * and reject when it does not get there soon: the command is then refused as `unavailable`. Its conversation waits
 * meanwhile, so soon means well under a second.
 */
export interface MessageFacts {
  /** Asks no permission. `undefined`: no message of that id was sent there. */
  messageFact(conversation: ConversationId, message: MessageId, notBefore: Position): Promise<MessageFact | undefined>
  /** Whether the user may read a message of that id, in any conversation, and it is not deleted. */
  isReadable(user: UserId, message: MessageId, notBefore: Position): Promise<boolean>
}

export type CommandHandlerOptions = {
  readonly log: EventLog
  readonly messageFacts: MessageFacts
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Key of the HMAC over commands' contents. The same for ever: with another one no repeat would be known. */
  readonly digestKey: Uint8Array
  /** Most members of a group. */
  readonly groupMembers: number
  /** Hears what went wrong behind a refusal `unavailable`, and behind a snapshot that was not written. */
  readonly report?: (error: unknown) => void
  /** Resolves after that many milliseconds. */
  readonly wait?: (milliseconds: number) => Promise<void>
  /** Commands that may wait for their answer: altogether, and of one key. Above it they are refused `unavailable`. */
  readonly mostUnanswered?: number
  readonly mostUnansweredPerKey?: number
  /** Bytes, roughly, of states kept in memory. */
  readonly cacheBytes?: number
  /** A snapshot of a conversation is taken after so many of its events. */
  readonly snapshotEvery?: number
}

export type CommandHandlerStats = {
  readonly unanswered: number
  /** Keys with a state in memory, and what these take, in bytes, roughly. */
  readonly keys: number
  readonly cacheBytes: number
  /** Since the start: commands answered each way, events written, appends that conflicted or failed, snapshots. */
  readonly accepted: number
  readonly refused: number
  readonly repeats: number
  readonly events: number
  readonly failures: number
  readonly snapshots: number
}

/**
 * Takes commands and answers them, each after everything that its answer rests on is on disk.
 * Orders are valid by their schemas; who sent them is proven.
 */
export interface CommandHandler {
  /** Never rejects: an outage is a refusal `unavailable` or `disk-full`, to be sent again under the same id. */
  handle(order: Order): Promise<Answer>
  stats(): CommandHandlerStats
  /** Takes no more, and resolves when all that was taken is answered. */
  close(): Promise<void>
}
