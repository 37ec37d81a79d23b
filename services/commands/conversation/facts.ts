import type { MessageId, StoredBody, UserId } from '@verbatim/protocol'
import type { Kept } from './state.ts'

/** What is between the asker and another person, and what that person lets others do. */
export type PersonFact = {
  readonly exists: boolean
  readonly friends: boolean
  readonly blocked: boolean
  /** Only friends may write to and add this person. */
  readonly friendsOnly: boolean
}
/** A message that the state has forgotten or whose words are needed. */
export type OldMessage = Kept & { readonly body: StoredBody }

export type ConversationFacts = {
  /** In a direct conversation: one of the two blocks the other. */
  readonly blocked: boolean
  /** Most members that a group may have. */
  readonly groupMembers: number
  readonly people: ReadonlyMap<UserId, PersonFact>
  readonly messages: ReadonlyMap<MessageId, OldMessage>
  /** The asker may read a message of that id somewhere, and it is not deleted. */
  readonly forwardable: boolean
}
