import type { DataOf, EventType } from '../events.ts'
import { ada, adaAndBob, bob, cleo, eve, hello, people, tea } from './cast.ts'

type Example<Type extends EventType> = { readonly type: Type; readonly data: DataOf<Type> }

const all: { readonly type: EventType; readonly data: unknown }[] = []
/** One of each event. */
export const everyEvent: readonly { readonly type: EventType; readonly data: unknown }[] = all

/** The example of an event; the argument changes fields of its data. */
const example = <Type extends EventType>(
  type: Type,
  data: DataOf<Type>,
): ((change?: Partial<DataOf<Type>>) => Example<Type>) => {
  all.push({ type, data })
  return (change = {}) => ({ type, data: { ...data, ...change } })
}

export const accountRegistered = example('AccountRegistered', { user: ada, handle: people.ada.handle, name: 'Ada' })
export const profileChanged = example('ProfileChanged', { user: ada, name: 'Ada L.' })

const pair = { from: ada, to: bob }
export const friendRequested = example('FriendRequested', pair)
export const requestCancelled = example('RequestCancelled', pair)
export const requestDeclined = example('RequestDeclined', pair)
export const friendAccepted = example('FriendAccepted', pair)
export const friendRemoved = example('FriendRemoved', pair)
export const personBlocked = example('PersonBlocked', pair)
export const personUnblocked = example('PersonUnblocked', pair)

export const directOpened = example('DirectOpened', { conversation: adaAndBob, members: [ada, bob] })
export const groupStarted = example('GroupStarted', {
  conversation: tea,
  name: 'Tea',
  members: [ada, bob, cleo],
  history: 'whole',
})
export const groupRenamed = example('GroupRenamed', { name: 'Tea at four' })
export const memberAdded = example('MemberAdded', { user: eve, n: 0 })
export const memberRemoved = example('MemberRemoved', { user: bob })
export const memberLeft = example('MemberLeft', { user: bob })
export const roleChanged = example('RoleChanged', { user: bob, role: 'admin' })

export const messageSent = example('MessageSent', { message: hello, n: 1, body: { text: 'Hello' } })
export const messageEdited = example('MessageEdited', { message: hello, body: { text: 'Hello!' } })
export const messageDeleted = example('MessageDeleted', { message: hello })
export const messageRestored = example('MessageRestored', { message: hello, body: { text: 'Hello' } })
export const reactionAdded = example('ReactionAdded', { message: hello, emoji: '👍' })
export const reactionRemoved = example('ReactionRemoved', { message: hello, emoji: '👍' })
export const messagePinned = example('MessagePinned', { message: hello })
export const messageUnpinned = example('MessageUnpinned', { message: hello })

export const preferencesSet = example('PreferencesSet', { contact: 'friends' })
export const conversationPreferencesSet = example('ConversationPreferencesSet', {
  conversation: tea,
  level: 'mentions',
})
export const readUpTo = example('ReadUpTo', { conversation: tea, user: bob, revision: 1, n: 1 })
export const snapshotTaken = example('SnapshotTaken', { revision: 499, version: 1, state: {} })
