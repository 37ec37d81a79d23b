import type { ConversationId, SessionId, UserId } from '@verbatim/protocol'

/**
 * What the relay tells the gateways, in this order and no other: a membership change stands between the events before
 * and after it, so that nobody gets a frame of a conversation that he has left.
 */
export type LiveMessage =
  /** `frame` is the encoded `events` frame, the same for every member. Revisions `first` to `last`, without a gap. */
  | {
      readonly kind: 'conversation'
      readonly conversation: ConversationId
      readonly first: number
      readonly last: number
      readonly position: number
      readonly frame: string
      /** These members get this frame instead: it holds less, since the events are about what was before their joining. */
      readonly instead?: { readonly users: readonly UserId[]; readonly frame: string }
    }
  | { readonly kind: 'joined'; readonly conversation: ConversationId; readonly user: UserId; readonly position: number }
  | { readonly kind: 'left'; readonly conversation: ConversationId; readonly user: UserId; readonly position: number }
  /** A frame for every session of one person: friend requests, new conversations. */
  | { readonly kind: 'user'; readonly user: UserId; readonly position: number; readonly frame: string }
  /** A frame for the members that is not of the conversation's stream: read marks. Not repeated, not resumed. */
  | { readonly kind: 'aside'; readonly conversation: ConversationId; readonly position: number; readonly frame: string }
  /** The session ended: its sockets close with 4401. */
  | { readonly kind: 'ended'; readonly session: SessionId }

/** Publish to and follow conversations and people; never stored. */
export interface Live {
  publish(message: LiveMessage): void
  /** Every message published from now on, in order. Returns the way to stop. */
  follow(on: (message: LiveMessage) => void): () => void
}
