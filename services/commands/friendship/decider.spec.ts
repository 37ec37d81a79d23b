import {
  acceptFriend,
  ada,
  block,
  bob,
  cancelRequest,
  declineRequest,
  friendAccepted,
  friendRemoved,
  friendRequested,
  personBlocked,
  personUnblocked,
  requestCancelled,
  requestDeclined,
  requestFriend,
  unblock,
  unfriend,
} from '@verbatim/protocol/examples'
import { describe, it } from 'vitest'
import { from, sentences } from '../given.ts'
import { friendship } from './decider.ts'

const given = sentences(friendship, { exists: true })
const friends = [friendRequested(), from(bob, friendAccepted())]
const bobs = { from: bob, to: ada }

describe('a request', () => {
  it('FR1 is made', () => given().when(requestFriend()).emits(friendRequested()))
  it('FR1 is made once', () => given(friendRequested()).when(requestFriend()).doesNothing())
  it('FR1 may be made again after it was declined', () =>
    given(friendRequested(), from(bob, requestDeclined())).when(requestFriend()).emits(friendRequested()))
  it('FR1 is refused between friends', () =>
    given(...friends)
      .when(requestFriend())
      .refuses('already-friends'))
  it('FR1 is refused for somebody who does not exist', () =>
    given().knowing({ exists: false }).when(requestFriend()).refuses('no-such-person'))
  it('FR2 that crosses another makes the two friends', () =>
    given(from(bob, friendRequested(bobs)))
      .when(requestFriend())
      .emits(friendAccepted(bobs)))
  it('FR3 is cancelled by who made it', () => given(friendRequested()).when(cancelRequest()).emits(requestCancelled()))
  it('FR3 is cancelled once', () => given(friendRequested(), requestCancelled()).when(cancelRequest()).doesNothing())
  it('FR3 cannot be cancelled when there is none', () => given().when(cancelRequest()).refuses('no-request'))
  it("FR3 cannot be cancelled when it is the other's", () =>
    given(from(bob, friendRequested(bobs)))
      .when(cancelRequest())
      .refuses('no-request'))
  it('FR4 is accepted by who was asked', () =>
    given(friendRequested()).when(acceptFriend(), bob).emits(friendAccepted()))
  it('FR4 is accepted once', () =>
    given(...friends)
      .when(acceptFriend(), bob)
      .doesNothing())
  it('FR4 cannot be accepted by who asked', () =>
    given(friendRequested())
      .when(acceptFriend({ user: bob }), ada)
      .refuses('no-request'))
  it('FR4 cannot be accepted after it was cancelled', () =>
    given(friendRequested(), requestCancelled()).when(acceptFriend(), bob).refuses('no-request'))
  it('FR5 is declined by who was asked', () =>
    given(friendRequested()).when(declineRequest(), bob).emits(requestDeclined()))
  it('FR5 is declined once', () =>
    given(friendRequested(), from(bob, requestDeclined())).when(declineRequest(), bob).doesNothing())
  it('FR5 cannot be declined when there is none', () => given().when(declineRequest(), bob).refuses('no-request'))
})

describe('a friendship', () => {
  it('FR6 is ended by either', () =>
    given(...friends)
      .when(unfriend({ user: ada }), bob)
      .emits(friendRemoved(bobs)))
  it('FR6 that is not there has nothing to end', () => given().when(unfriend()).doesNothing())
  it('FR6 is not had with oneself', () =>
    given()
      .when(unfriend({ user: ada }))
      .refuses('yourself'))
})

describe('a block', () => {
  it('FR7 is set between strangers', () => given().when(block()).emits(personBlocked()))
  it('FR7 ends a friendship', () =>
    given(...friends)
      .when(block())
      .emits(friendRemoved(), personBlocked()))
  it('FR7 takes back a request of the blocker', () =>
    given(friendRequested()).when(block()).emits(requestCancelled(), personBlocked()))
  it('FR7 declines a request of the blocked', () =>
    given(from(bob, friendRequested(bobs)))
      .when(block())
      .emits(requestDeclined(bobs), personBlocked()))
  it('FR7 is set once', () => given(personBlocked()).when(block()).doesNothing())
  it('FR7 may be set by both', () =>
    given(personBlocked())
      .when(block({ user: ada }), bob)
      .emits(personBlocked(bobs)))
  it('FR7 is refused for somebody who does not exist', () =>
    given().knowing({ exists: false }).when(block()).refuses('no-such-person'))
  it('FR7 is not set against oneself', () =>
    given()
      .when(block({ user: ada }))
      .refuses('yourself'))
  it('FR8 forbids requests of the blocked', () =>
    given(personBlocked())
      .when(requestFriend({ user: ada }), bob)
      .refuses('blocked'))
  it('FR8 forbids requests of the blocker too', () => given(personBlocked()).when(requestFriend()).refuses('blocked'))
  it('FR8 leaves no request to accept', () =>
    given(friendRequested(), requestCancelled(), personBlocked()).when(acceptFriend(), bob).refuses('no-request'))
  it('FR9 is lifted by who set it', () => given(personBlocked()).when(unblock()).emits(personUnblocked()))
  it('FR9 is not lifted by the blocked', () =>
    given(personBlocked())
      .when(unblock({ user: ada }), bob)
      .doesNothing())
  it('FR9 is not lifted for oneself', () =>
    given()
      .when(unblock({ user: ada }))
      .refuses('yourself'))
  it("FR9 of the other stays when one's own is lifted", () =>
    given(personBlocked(), from(bob, personBlocked(bobs)), personUnblocked())
      .when(requestFriend())
      .refuses('blocked'))
})
