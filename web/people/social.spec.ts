import { ada, bob, cleo } from '@verbatim/protocol/examples'
import { describe, expect, it } from 'vitest'
import { applyToSocial, type FriendshipHappened, isFriendshipEvent, noSocial, type Social, standing } from './social.ts'

const told = (type: FriendshipHappened['type'], from = ada, to = bob): FriendshipHappened => ({
  type,
  data: { from, to },
})
const after = (me: typeof ada, ...events: FriendshipHappened[]): Social =>
  events.reduce((social, event) => applyToSocial(applyToSocial(social, event, me), event, me), noSocial())

describe('friends and requests', () => {
  it('WB60 show a request to both, each from his side, however often it is told', () => {
    expect(standing(after(ada, told('FriendRequested')), bob)).toBe('outgoing')
    expect(standing(after(bob, told('FriendRequested')), ada)).toBe('incoming')
    expect(after(bob, told('FriendRequested')).incoming).toEqual([ada])
  })

  it('WB61 become friends by acceptance, and strangers by all that ends it', () => {
    const friends = [told('FriendRequested'), told('FriendAccepted')]
    expect(after(bob, ...friends)).toEqual({ ...noSocial(), friends: [ada] })
    expect(standing(after(ada, ...friends, told('FriendRemoved', bob, ada)), bob)).toBe('none')
    expect(standing(after(ada, told('FriendRequested'), told('RequestCancelled')), bob)).toBe('none')
    expect(standing(after(bob, told('FriendRequested'), told('RequestDeclined')), ada)).toBe('none')
  })

  it('WB62 end with a block, which only the blocker sees and may lift', () => {
    const friends = [told('FriendRequested'), told('FriendAccepted')]
    expect(standing(after(ada, ...friends, told('PersonBlocked')), bob)).toBe('blocked')
    expect(after(bob, ...friends, told('PersonBlocked'))).toEqual(noSocial())
    expect(standing(after(ada, told('PersonBlocked'), told('PersonUnblocked')), bob)).toBe('none')
    expect(standing(after(ada, told('PersonBlocked')), cleo)).toBe('none')
  })

  it('WB63 are told apart from everything else that comes about oneself', () => {
    expect(isFriendshipEvent(told('PersonBlocked'))).toBe(true)
    expect(isFriendshipEvent({ type: 'ProfileChanged', data: {} })).toBe(false)
  })
})
