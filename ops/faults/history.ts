import type { ConversationId, MessageId, PublicEvent, UserId } from '@verbatim/protocol'

/** What black-box clients did and saw, in one order of ticks: the matter that `checkHistory` judges. */
export type History = {
  readonly sends: readonly Send[]
  readonly sights: readonly Sight[]
  readonly readings: readonly Reading[]
  readonly resets: readonly Reset[]
}

/** One message that a person sent, however often it went over a socket. */
export type Send = {
  readonly id: MessageId
  readonly conversation: ConversationId
  readonly sender: UserId
  readonly text: string
  /** When it was first sent. */
  readonly at: number
  readonly answers: readonly (Ack | Refused | Unseen)[]
}
export type Ack = { readonly kind: 'ack'; readonly at: number; readonly revision: number; readonly position: string }
export type Refused = { readonly kind: 'refused'; readonly at: number; readonly reason: string }
/** Its sender gave up the socket: whatever was answered there, if anything was, nobody has seen. */
export type Unseen = { readonly kind: 'unseen'; readonly at: number }

/** What one socket was shown of one conversation, in the order of arrival. */
export type Sight = {
  readonly reader: string
  readonly conversation: ConversationId
  /** The revision that the reader asked to go on after; `undefined` when it knew nothing of the conversation. */
  readonly after: number | undefined
  readonly events: readonly PublicEvent[]
}

/** A reader was told to read a conversation afresh instead of going on after the revision that it had. */
export type Reset = {
  readonly reader: string
  readonly conversation: ConversationId
  readonly after: number | undefined
}

/** The whole conversation as one member read it at the end. */
export type Reading = {
  readonly reader: string
  readonly conversation: ConversationId
  readonly events: readonly PublicEvent[]
}

export type Violation = {
  readonly kind:
    | 'lost'
    | 'doubled'
    | 'gap'
    | 'inversion'
    | 'differs'
    | 'changed answer'
    | 'wrong answer'
    | 'never answered'
    | 'unsent'
    | 'reset'
  readonly detail: string
}
