import { describe, expect, it } from 'vitest'
import { lag } from './lag.ts'
import { askedState, diskState, modelState, threadState } from './parts.ts'
import { type PartState, readiness } from './readiness.ts'
import { newVitals, type Vitals } from './vitals.ts'

const fine = () => ({ ready: true })

describe('Readiness', () => {
  it('OP73 is ready when every part is, and shows what each says', async () => {
    const ready = readiness({ one: fine, other: async () => ({ ready: true, free: 7 }) })
    expect(await ready()).toEqual({ ready: true, parts: { one: { ready: true }, other: { ready: true, free: 7 } } })
  })

  it('OP73 names the part that is not, and why, also when it fails to say so', async () => {
    const ready = readiness({
      one: fine,
      other: () => ({ ready: false, why: 'has not slept' }),
      third: () => Promise.reject(new Error('no such file')),
      fourth: () => {
        throw new Error('nobody at home')
      },
    })
    expect(await ready()).toMatchObject({
      ready: false,
      parts: {
        one: { ready: true },
        other: { ready: false, why: 'has not slept' },
        third: { ready: false, why: 'no such file' },
        fourth: { ready: false, why: 'nobody at home' },
      },
    })
  })

  it('OP73 waits for a silent part only so long, and does not ask it again before it has answered', async () => {
    let asked = 0
    let answer = (_: PartState): void => {}
    const silent = () =>
      new Promise<PartState>((resolve) => {
        asked++
        answer = resolve
      })
    const ready = readiness({ one: fine, silent }, { patience: 20 })
    for (const state of [await ready(), ...(await Promise.all([ready(), ready()]))])
      expect(state).toMatchObject({ ready: false, parts: { silent: { why: 'did not answer within 20 ms' } } })
    expect(asked).toBe(1)
    answer({ ready: true })
    await new Promise((resolve) => setImmediate(resolve))
    void ready()
    expect(asked).toBe(2)
    answer({ ready: true })
  })

  it('OP73 tells once when other parts are not ready than before', async () => {
    let why: string | undefined
    const told: unknown[] = []
    const part = () => (why === undefined ? { ready: true } : { ready: false, why })
    const ready = readiness({ one: fine, part }, { changed: (notReady) => told.push(notReady) })
    for (const next of [undefined, 'broken', 'broken still', undefined, undefined]) {
      why = next
      await ready()
    }
    expect(told).toEqual([{ part: 'broken' }, {}])
  })
})

describe('The parts', () => {
  const beatAt = (time: number): Vitals => {
    const vitals = newVitals()
    new Float64Array(vitals)[0] = time
    return vitals
  }

  it('OP73 a thread that has not turned for more than a second is not ready, and is not asked', async () => {
    let asked = 0
    const ask = async () => ++asked
    expect(threadState(beatAt(10_000), 11_000)).toEqual({ ready: true })
    expect(await askedState(beatAt(10_000), ask, () => 11_000)()).toEqual({ ready: true })
    const stuck = { ready: false, why: 'has not turned for 3.5 s' }
    expect(threadState(beatAt(10_000), 13_500)).toEqual(stuck)
    expect(await askedState(beatAt(10_000), ask, () => 13_500)()).toEqual(stuck)
    expect(asked).toBe(1)
  })

  it('OP73 a read model is ready once it has caught up, as long as it goes on and is not far behind', () => {
    let time = 0
    let head = 100
    const late = lag(() => time)
    late.note(head)
    const said = { position: 0, state: 'catching-up', parked: 0 }
    let state: Record<string, unknown> = {}
    const ask = modelState('timelines', {
      models: { state: () => state as never },
      from: 100,
      head: () => head,
      lag: late,
    })
    const says = (change: object) => {
      state = { timelines: { ...said, ...change } }
      return ask()
    }
    expect(ask()).toEqual({ ready: false, why: 'has not said anything yet' })
    expect(says({ position: 40 })).toMatchObject({ ready: false, why: 'catches up, 60 events behind', behind: 60 })
    expect(says({ position: 40, reason: 'disk full' })).toMatchObject({
      why: 'catches up, 60 events behind: disk full',
    })
    expect(says({ position: 100, state: 'live', parked: 2 })).toEqual({
      ready: true,
      state: 'live',
      position: 100,
      behind: 0,
      parked: 2,
    })
    time = 1_000
    head = 5_000
    late.note(head)
    time = 11_000
    expect(says({ position: 100, state: 'live' })).toMatchObject({ ready: true, behind: 4_900 })
    time = 12_000
    expect(says({ position: 100, state: 'live' })).toMatchObject({ ready: false, why: 'is 11 s behind' })
    expect(says({ position: 5_000, state: 'stopped', reason: 'event at position 5001 is corrupt' })).toMatchObject({
      ready: false,
      why: 'stands still: event at position 5001 is corrupt',
    })
    expect(says({ position: 5_000, state: 'upgrade-needed' })).toMatchObject({
      ready: false,
      why: 'needs a newer version',
    })
  })

  it('OP73 a disk that is nearly full is told before it is', async () => {
    expect(await diskState(async () => 64 * 1024 * 1024)).toMatchObject({ ready: true })
    expect(await diskState(async () => 5.5 * 1024 * 1024)).toMatchObject({
      ready: false,
      why: 'only 5 MiB are free, make room',
    })
  })
})

describe('How far behind', () => {
  it('OP73 is counted from when the log was first seen beyond it, and forgets what is long past', () => {
    let time = 0
    const late = lag(() => time)
    for (let head = 0; head < 5_000; head += 2) {
      late.note(head)
      time += 1_000
    }
    expect(late.behind(4_998, 4_998)).toBe(0)
    expect(late.behind(4_997, 4_998)).toBe(1)
    expect(late.behind(4_996, 4_998)).toBe(1)
    expect(late.behind(4_995, 4_998)).toBe(2)
    const oldest = late.behind(0, 4_998)
    expect(oldest).toBeGreaterThanOrEqual(600)
    expect(oldest).toBeLessThanOrEqual(1_200)
  })
})
