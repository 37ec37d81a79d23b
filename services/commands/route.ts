import {
  accountStream,
  type ConversationId,
  conversationStream,
  directConversation,
  friendshipStream,
  isDirect,
  type Order,
  preferencesStream,
  readingStream,
  type StreamName,
  type UserId,
} from '@verbatim/protocol'

declare const key: unique symbol
/** What must not race is of one key; its commands go one after another. */
export type Key = string & { readonly [key]: true }

export type Route = {
  readonly key: Key
  /** Where the command's events go. */
  readonly stream: StreamName
  /** A stream of the same key whose state the decision asks too. */
  readonly beside?: StreamName
  /** Goes into the answer. */
  readonly conversation?: ConversationId
}

/** A pair's friendship shares the key of their direct chat, and a reading that of its conversation: block and send never race. */
export const routeOf = ({ command, by }: Order): Route => {
  switch (command.type) {
    case 'Register':
    case 'ChangeProfile':
      return { key: keyOfUser(by), stream: accountStream(by) }
    case 'SetPreferences':
    case 'SetConversationPreferences':
      return { key: keyOfUser(by), stream: preferencesStream(by) }
    case 'RequestFriend':
    case 'CancelRequest':
    case 'AcceptFriend':
    case 'DeclineRequest':
    case 'Unfriend':
    case 'Block':
    case 'Unblock': {
      const pair = directConversation(by, command.user)
      return { key: keyOf(pair), stream: friendshipStream(pair) }
    }
    case 'OpenDirect': {
      const conversation = directConversation(by, command.user)
      return { ...inConversation(conversation), conversation }
    }
    case 'StartGroup': {
      const { conversation } = command
      return { ...inConversation(conversation), conversation }
    }
    case 'MarkRead': {
      const { conversation } = command
      return {
        key: keyOf(conversation),
        stream: readingStream(conversation, by),
        beside: conversationStream(conversation),
      }
    }
    default:
      return inConversation(command.conversation)
  }
}

export const keyOf = (conversation: ConversationId) => `${conversation}` as Key
/** Set apart from conversations: a group may have been started under the id of a user. */
export const keyOfUser = (user: UserId) => `user ${user}` as Key

const inConversation = (conversation: ConversationId): Route =>
  isDirect(conversation)
    ? { key: keyOf(conversation), stream: conversationStream(conversation), beside: friendshipStream(conversation) }
    : { key: keyOf(conversation), stream: conversationStream(conversation) }
