import { describe, expect, it } from 'vitest'
import { type ConnectionState, firstConnection, type Happening, nextConnection } from './next-connection.ts'

const after = (...happenings: Happening[]): ConnectionState => happenings.reduce(nextConnection, firstConnection)
const closed = (code = 1006, chance = 0.5): Happening => ({ type: 'closed', code, chance })
const ready: Happening[] = [{ type: 'opened' }, { type: 'greeted' }]

describe('the connection', () => {
  it('WB20 opens, greets and is ready', () => {
    expect(after({ type: 'opened' }).kind).toBe('greeting')
    expect(after(...ready)).toEqual({ kind: 'ready', attempt: 0 })
  })

  it('WB21 waits longer after each failure, up to half a minute, and leaves half of it to chance', () => {
    const delays = (chance: number) => {
      const seen: number[] = []
      let state = firstConnection
      for (let i = 0; i < 9; i++) {
        state = nextConnection(state, closed(1006, chance))
        if (state.kind === 'waiting') seen.push(state.delay)
        state = nextConnection(state, { type: 'waited' })
      }
      return seen
    }
    expect(delays(0)).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000])
    expect(delays(0.5).at(-1)).toBe(22_500)
    expect(new Set(delays(0.3).map((delay, i) => delay === delays(0.7)[i]))).toEqual(new Set([false]))
  })

  it('WB22 starts its waits anew only when it was ready for long enough', () => {
    const flapping = [...ready, closed(), { type: 'waited' } as const]
    expect(after(...flapping, ...flapping, ...ready, closed())).toMatchObject({ kind: 'waiting', attempt: 3 })
    expect(after(...flapping, ...ready, { type: 'steady' }, closed())).toMatchObject({ kind: 'waiting', attempt: 1 })
  })

  it('WB23 asks for a new token when it was not taken, and gives up when the session is over', () => {
    const refused = after(...ready, closed(4401))
    expect(refused.kind).toBe('renewing')
    expect(nextConnection(refused, { type: 'renewed' })).toEqual({ kind: 'opening', attempt: 1 })
    expect(nextConnection(refused, { type: 'session-over' })).toEqual({ kind: 'ended' })
    expect(nextConnection({ kind: 'ended' }, { type: 'hurried' })).toEqual({ kind: 'ended' })
  })

  it('WB24 does not renew in a circle when new tokens are refused too', () => {
    const circle: Happening[] = [closed(4401), { type: 'renewed' }]
    expect(after(...circle, ...circle, closed(4401))).toMatchObject({ kind: 'waiting' })
  })

  it('WB25 waits at least five seconds after it was too fast', () => {
    expect(after(...ready, closed(4429, 0))).toMatchObject({ kind: 'waiting', delay: 5_250 })
  })

  it('WB26 is offline without a network and hurries when there is one again', () => {
    const offline = after(...ready, { type: 'network-lost' })
    expect(offline).toEqual({ kind: 'offline', attempt: 0 })
    expect(nextConnection(offline, closed())).toBe(offline)
    expect(nextConnection(offline, { type: 'hurried' }).kind).toBe('opening')
    expect(nextConnection(after(closed()), { type: 'hurried' }).kind).toBe('opening')
    expect(nextConnection(after(...ready), { type: 'hurried' }).kind).toBe('ready')
  })

  it('WB27 takes no notice of what comes too late', () => {
    const waiting = after(...ready, closed())
    for (const late of [{ type: 'opened' }, { type: 'greeted' }, { type: 'steady' }, closed()] as Happening[])
      expect(nextConnection(waiting, late)).toBe(waiting)
  })
})
