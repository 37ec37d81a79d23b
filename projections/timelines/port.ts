import type {
  ConversationId,
  EditsView,
  EventsPage,
  MessageId,
  MessagesPage,
  MessageView,
  ReadersView,
  StoredBody,
  UserId,
} from '@verbatim/protocol'
import type { Position } from '@verbatim/services/event-log'

/** An answer and the position of the model that gave it. `undefined`: not there or not yours, told alike. */
export type At<T> = { readonly position: Position; readonly value: T }

export type MessagesWindow = { readonly limit: number } & (
  | { readonly before?: number }
  | { readonly after: number }
  | { readonly around: number }
  /** Milliseconds since the epoch: around the first message sent then or later. */
  | { readonly at: number }
)

export type ConversationRow = {
  readonly id: ConversationId
  readonly kind: 'direct' | 'group'
  /** A group's name; `null` for a direct conversation, which is named after its peer. */
  readonly name: string | null
  readonly peer?: UserId
  readonly revision: number
  readonly readUpTo: number
  readonly unread: number
  readonly last?: MessageView
}

/** What a decider needs of a message that its state no longer holds. */
export type MessageFact = {
  readonly message: MessageId
  readonly sender: UserId
  readonly revision: number
  readonly deleted?: { readonly by: UserId; readonly at: number }
  /** What it says, or said last before it was deleted. */
  readonly body: StoredBody
  readonly reactions: readonly { readonly emoji: string; readonly users: readonly UserId[] }[]
}

export type Backlog = {
  readonly conversation: ConversationId
  /** JSON of the public events in order, ready for a frame; `reset` when it was too much or the revision is ahead of the head. */
  readonly events: readonly string[]
  readonly reset: boolean
  /** Head of the conversation in the model. */
  readonly revision: number
}

/** The reader of timelines. Every query asks in one place whether that person may read, in the same transaction as what it reads. */
export interface Timelines {
  /** Conversations that the user is in, with the revision of the last event of each. */
  memberships(user: UserId): Promise<At<{ conversation: ConversationId; revision: number }[]>>
  /** By last activity, latest first. `before` is the cursor of the page before. */
  conversations(
    user: UserId,
    page: { before?: string; limit: number },
  ): Promise<At<{ conversations: ConversationRow[]; more: boolean; cursor?: string }>>
  /** One row of the list. */
  conversation(
    user: UserId,
    conversation: ConversationId,
  ): Promise<At<(ConversationRow & { pins: MessageId[] }) | undefined>>
  messages(user: UserId, conversation: ConversationId, window: MessagesWindow): Promise<At<MessagesPage | undefined>>
  edits(user: UserId, conversation: ConversationId, message: MessageId): Promise<At<EditsView | undefined>>
  readers(user: UserId, conversation: ConversationId, message: MessageId): Promise<At<ReadersView | undefined>>
  /** The events after a revision as they may be told now: the text of what was deleted since is not among them. */
  events(
    user: UserId,
    conversation: ConversationId,
    page: { after: number; limit: number },
  ): Promise<At<EventsPage | undefined>>
  /** The same for a socket that comes back. Conversations that are not the user's are left out. */
  backlog(user: UserId, seen: readonly { conversation: ConversationId; revision: number }[]): Promise<At<Backlog[]>>
  /** For deciders: asks no permission. */
  messageFact(conversation: ConversationId, message: MessageId): Promise<At<MessageFact | undefined>>
  /** For deciders: whether the user may read a message of that id, in any conversation, and it is not deleted. */
  isReadable(user: UserId, message: MessageId): Promise<At<boolean>>
}
