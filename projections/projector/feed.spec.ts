import { expect, it } from 'vitest'
import { feedOf } from './feed.ts'
import { handLog } from './projector.examples.ts'

/** Reads a log on and on, ten at a time at most a hundred, and notes after what it rested. */
const reading = () => {
  const { log, say } = handLog()
  const rests: number[] = []
  const rest = async (after: number): Promise<void> => void rests.push(after)
  const feed = feedOf({ ...log, rest }, 100)
  return {
    feed,
    rests,
    add: (count: number) => {
      for (let n = 0; n < count; n++) say(`${n}`)
    },
  }
}

it('PJ25 rests before it reads on behind a stretch of many events', async () => {
  const { feed, rests, add } = reading()
  add(70)
  expect(await feed.read(0)).toHaveLength(70)
  add(5)
  expect(await feed.read(70)).toHaveLength(5)
  expect(rests).toEqual([70])
})

it('PJ25 does not rest behind a few, nor while there is more than it may take at once', async () => {
  const { feed, rests, add } = reading()
  add(5)
  expect(await feed.read(0)).toHaveLength(5)
  add(250)
  expect(await feed.read(5)).toHaveLength(100)
  expect(await feed.read(105)).toHaveLength(100)
  expect(await feed.read(205)).toHaveLength(50)
  expect(await feed.read(255)).toHaveLength(0)
  expect(rests).toEqual([])
})
