import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { model } from '../run-projections.ts'
import { type Filled, fillModels, type ReadLog } from './fill.ts'
import { compactingLog, contentOf, freshFolder, spoken, spokenStore } from './rebuild.examples.ts'

const filling = (log: ReadLog, stopped = new AbortController().signal) => {
  const files = ['a', 'b'].map((name) => join(freshFolder(), `${name}.db`))
  const told: Filled[] = []
  const rests: number[] = []
  let clock = 0
  const ended = fillModels({
    models: files.map((file, n) => model({ ...spoken(), name: `spoken-${n}` }, spokenStore(file, 1, 'filling'))),
    log,
    stopped,
    onProgress: (filled) => told.push(filled),
    // Each look at the clock is 40 ms later.
    now: () => (clock += 40),
    pause: async (milliseconds) => void rests.push(milliseconds),
  })
  return { ended, files, told, rests }
}
const logOf = (events: number) => {
  const log = compactingLog()
  for (let n = 1; n <= events; n++) log.say(`${n}`)
  return log
}

it('PJ24 a filling comes to the head and tells how far it is.', async () => {
  const { ended, files, told, rests } = filling(logOf(12_000).log)
  await ended
  for (const file of files) expect((await contentOf(file)).position).toBe(12_000)
  expect(told.map(({ done }) => done)).toEqual(told.map(({ done }) => done).toSorted((a, b) => a - b))
  expect(told.at(-1)).toEqual({ done: 12_000, total: 12_000 })
  expect(rests).toEqual([])
})

it('PJ24 a filling rests as long as it works while somebody writes, reads what came meanwhile, and ends.', async () => {
  const log = logOf(12_000)
  const busy: ReadLog = {
    ...log.log,
    readAll: async (after, limit) => {
      log.say('one more')
      return log.log.readAll(after, limit)
    },
  }
  const { ended, files, told, rests } = filling(busy)
  await ended
  const { position } = await contentOf(files[0] ?? '')
  expect(position).toBeGreaterThan(12_000)
  expect(told.at(-1)?.total).toBe(position)
  expect(rests.length).toBeGreaterThan(1)
  for (const rest of rests) expect(rest).toBe(40)
})

it('PJ24 a filling that is stopped, before or on its way, ends with that.', async () => {
  const stopping = new AbortController()
  const log = logOf(50)
  const { ended } = filling(
    { ...log.log, readAll: () => setImmediate([]).then(() => new Promise(() => {})) },
    stopping.signal,
  )
  stopping.abort()
  await expect(filling(log.log, stopping.signal).ended).rejects.toThrow('the rebuild was stopped')
  void ended.catch(() => undefined)
})

it('PJ24 an event that cannot be read ends a filling, one that fails is set aside in it.', async () => {
  const log = logOf(20)
  log.say('bad')
  log.say('behind it')
  const { ended, files } = filling(log.log)
  await ended
  expect((await contentOf(files[1] ?? '')).texts).toHaveLength(20)
  log.corrupt(9)
  await expect(filling(log.log).ended).rejects.toThrow('cannot be filled: event at position 9')
})
