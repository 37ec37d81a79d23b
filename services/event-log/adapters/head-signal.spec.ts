import { expect, it, vi } from 'vitest'
import { headBeyond, headOf, headTeller, newHeadSignal, want, wantedBeyond } from './head-signal.ts'

it('EL6 tells each head at once to who looks, and wakes who waits', async () => {
  const signal = newHeadSignal()
  const teller = headTeller(signal, () => 0)
  const woken = headBeyond(signal, 0, 10_000)
  teller.tell(7)
  expect(headOf(signal)).toBe(7)
  await woken
  await headBeyond(signal, 6, 10_000)
  teller.close()
})

it('EL6 wakes seldom while much is written, and always for the last of it', async () => {
  const signal = newHeadSignal()
  const teller = headTeller(signal, () => performance.now())
  let awake = 0
  let seen = 0
  const follower = (async () => {
    while (seen < 1_000) {
      await headBeyond(signal, seen, 10_000)
      seen = headOf(signal)
      awake++
    }
  })()
  const began = performance.now()
  for (let head = 1; head <= 1_000; head++) {
    teller.tell(head)
    if (head % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 1))
  }
  await follower
  expect(seen).toBe(1_000)
  expect(awake).toBeLessThanOrEqual((performance.now() - began) / 10 + 2)
  teller.close()
})

it('EL6 a head that came during the rest wakes after it', async () => {
  vi.useFakeTimers()
  const signal = newHeadSignal()
  const teller = headTeller(signal, () => Date.now())
  teller.tell(1)
  const notify = vi.spyOn(Atomics, 'notify')
  teller.tell(2)
  teller.tell(3)
  expect([headOf(signal), notify.mock.calls.length]).toEqual([3, 0])
  vi.advanceTimersByTime(10)
  expect(notify.mock.calls.length).toBe(1)
  notify.mockRestore()
  teller.close()
  vi.useRealTimers()
})

it('EL21 whoever rests goes on as soon as somebody waits for what lies ahead, and else after its time', async () => {
  const signal = newHeadSignal()
  const rested = async (after: number, patience: number) => {
    const began = performance.now()
    await wantedBeyond(signal, after, patience)
    return performance.now() - began
  }
  const resting = rested(5, 5_000)
  want(signal, 5)
  want(signal, 6)
  expect(await resting).toBeLessThan(1_000)
  expect(await rested(5, 5_000)).toBeLessThan(1_000)
  want(signal, 3)
  expect(await rested(6, 30)).toBeGreaterThanOrEqual(25)
})
