import { limits } from '@verbatim/protocol'
import { ada, adaAndBob, bob, markRead, noon, requestFriend, sendMessage, tea } from '@verbatim/protocol/examples'
import { describe, expect, it } from 'vitest'
import { ask } from '../rig/asking.ts'
import { startGateway, tokenOf } from '../rig/rig.ts'
import { buckets } from './buckets.ts'
import { gatewayLimits } from './gateway-limits.ts'
import { windows } from './windows.ts'

const clockAt = (time: number) => {
  const clock = { time, now: () => clock.time }
  return clock
}
/** How many of so many tries went through. */
const passes = (tries: number, take: () => number) =>
  Array.from({ length: tries }, take).filter((wait) => wait === 0).length

describe('limits', () => {
  it('GW70 gives a burst and then so many a second, each key its own, whatever the clock does.', () => {
    const clock = clockAt(noon)
    const sends = buckets<string>({ perSecond: 5, burst: 20 }, clock.now)
    expect(passes(100, () => sends.take('ada'))).toBe(20)
    expect(sends.take('ada')).toBe(1)
    expect(sends.take('bob')).toBe(0)
    clock.time += 1_000
    expect(passes(100, () => sends.take('ada'))).toBe(5)
    clock.time -= 3_600_000
    expect(sends.take('ada')).toBe(1)
    clock.time += 60_000
    expect(passes(100, () => sends.take('ada'))).toBe(20)
    sends.sweep()
    clock.time += 60_000
    sends.sweep()
    expect(passes(100, () => sends.take('ada'))).toBe(20)
  })

  it('GW70 counts attempts in any stretch of time, says when the next may be, and takes one back.', () => {
    const clock = clockAt(noon)
    const signIns = windows({ attempts: 5, within: 300_000 }, clock.now)
    for (let n = 0; n < 5; n++) {
      expect(signIns.take('ada')).toBe(0)
      clock.time += 1_000
    }
    expect(signIns.take('ada')).toBe(295)
    expect(signIns.take('bob')).toBe(0)
    clock.time += 294_999
    expect(signIns.take('ada')).toBe(1)
    clock.time += 1
    expect(signIns.take('ada')).toBe(0)
    expect(signIns.take('ada')).toBe(1)
    signIns.giveBack('ada')
    expect(signIns.take('ada')).toBe(0)
    signIns.giveBack('nobody')
  })

  it('GW70 remembers a bounded number of made-up names.', () => {
    const signIns = windows({ attempts: 1, within: 1_000 }, () => noon)
    expect(signIns.take('first')).toBe(0)
    expect(signIns.take('first')).toBe(1)
    for (let n = 0; n < 100_000; n++) signIns.take(`name ${n}`)
    expect(signIns.take('first')).toBe(0)
    expect(signIns.take('name 99999')).toBe(1)
  })

  it('GW71 counts sends, read marks and friend requests of each person by themselves.', () => {
    const clock = clockAt(noon)
    const limiter = gatewayLimits(true, clock.now)
    expect(passes(50, () => limiter.command(ada, sendMessage()))).toBe(limits.sendBurst)
    expect(passes(50, () => limiter.command(ada, requestFriend()))).toBe(limits.friendRequests.attempts)
    expect(passes(3, () => limiter.command(ada, markRead()))).toBe(1)
    expect(limiter.command(ada, markRead({ conversation: adaAndBob }))).toBe(0)
    expect(limiter.command(ada, markRead())).toBe(2)
    expect(limiter.command(bob, markRead({ conversation: tea }))).toBe(0)
    clock.time += limits.markReadEvery
    expect(limiter.command(ada, markRead())).toBe(0)
    clock.time += limits.friendRequests.within
    expect(limiter.command(ada, requestFriend())).toBe(0)
  })

  it('GW71 counts sign-ups and sign-ins of a network, of IPv6 the whole of one.', () => {
    const limiter = gatewayLimits(true, () => noon)
    expect(passes(30, () => limiter.signUp('203.0.113.1'))).toBe(20)
    expect(limiter.signUp('203.0.113.2')).toBe(0)
    expect(passes(30, () => limiter.signUp(`2001:db8:1:1:0:0:0:${Math.random().toString(16).slice(2, 5)}`))).toBe(20)
    expect(limiter.signUp('2001:db8:1:2:0:0:0:1')).toBe(0)
    let name = 0
    expect(passes(100, () => limiter.signIn(`name${name++}`, '203.0.113.1'))).toBe(50)
  })

  it('GW72 lifts them all but the sizes when the limits are off.', () => {
    const limiter = gatewayLimits(false, () => noon)
    for (const take of [
      () => limiter.command(ada, sendMessage()),
      () => limiter.command(ada, requestFriend()),
      () => limiter.signUp('203.0.113.1'),
      () => limiter.signIn('ada', '203.0.113.1'),
      () => limiter.frame({}),
    ])
      expect(passes(1_000, take)).toBe(1_000)
    expect(limiter.socketsPerUser).toBe(Number.POSITIVE_INFINITY)
  })

  it('GW73 refuses what is too fast with when to try again, over HTTP.', async () => {
    const rig = await startGateway({ settings: { allowedOrigins: [], limits: true, trustProxy: false } })
    const login = (password: string) => ask(rig.port, 'POST /api/auth/login', { body: { handle: 'ADA', password } })
    for (let n = 0; n < 8; n++) expect((await login('right password')).status).toBe(200)
    const guesses = await Promise.all(Array.from({ length: 8 }, () => login('wrong password')))
    expect(guesses.map(({ status }) => status).sort()).toEqual([401, 401, 401, 401, 401, 429, 429, 429])
    const late = await login('right password')
    expect([late.status, late.json, late.headers['retry-after']]).toEqual([
      429,
      { refused: 'too-fast', retryAfter: 300 },
      '300',
    ])
    const send = () => ask(rig.port, 'POST /api/commands', { token: tokenOf(ada), body: sendMessage() })
    const sends = await Promise.all(Array.from({ length: 25 }, send))
    expect(sends.filter(({ status }) => status === 429)).toHaveLength(5)
    expect(rig.orders).toHaveLength(20)
    rig.clock.time += 300_000
    expect((await login('right password')).status).toBe(200)
  })

  it('GW74 believes who a proxy says it is only where it is told to, and only the last word.', async () => {
    const from: string[] = []
    const identity = {
      login: async (_: unknown, { address }: { address: string }) => {
        from.push(address)
        return { kind: 'denied', reason: 'wrong-credentials' } as const
      },
    }
    for (const trustProxy of [false, true]) {
      const rig = await startGateway({ identity, settings: { allowedOrigins: [], limits: false, trustProxy } })
      for (const forwarded of ['198.51.100.7, 203.0.113.9', 'nonsense', '']) {
        const headers = { 'x-forwarded-for': forwarded }
        await ask(rig.port, 'POST /api/auth/login', { body: { handle: 'ada', password: 'x' }, headers })
      }
    }
    const here = '127.0.0.1'
    expect(from).toEqual([here, here, here, '203.0.113.9', here, here])
  })
})
