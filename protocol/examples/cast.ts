import {
  type ConversationId,
  directConversation,
  groupId,
  type SessionId,
  type Ulid,
  type UserId,
  ulids,
} from '../ids.ts'

/** When it all happens, in milliseconds since the epoch: 2025-01-01T12:00:00.000Z. */
export const noon = Date.UTC(2025, 0, 1, 12)
/** The n-th id of a day: the same for ever, stamped n milliseconds after noon, so greater n are later ids. */
export const idAt = (n: number): Ulid =>
  ulids(
    () => noon + n,
    (into) => into.fill(0),
  )()

/** Ada starts things, Bob is her friend, Cleo sits in the group with them, Eve is an outsider. */
export const ada: UserId = idAt(1)
export const bob: UserId = idAt(2)
export const cleo: UserId = idAt(3)
export const eve: UserId = idAt(4)
export const people = {
  ada: { id: ada, handle: 'ada', name: 'Ada' },
  bob: { id: bob, handle: 'bob', name: 'Bob' },
  cleo: { id: cleo, handle: 'cleo', name: 'Cleo' },
  eve: { id: eve, handle: 'eve', name: 'Eve' },
} as const
/** Good for everybody of the cast. */
export const password = 'correct horse battery staple'
/** Ada's phone and Bob's laptop, as it were. */
export const adasSession: SessionId = idAt(11)
export const bobsSession: SessionId = idAt(12)

/** The group of Ada, Bob and Cleo. */
export const tea: ConversationId = groupId(idAt(21))
/** The direct conversation of Ada and Bob; the id of their friendship too. */
export const adaAndBob: ConversationId = directConversation(ada, bob)
/** Ada's first message in `tea`, and a second one. */
export const hello: Ulid = idAt(31)
export const again: Ulid = idAt(32)
