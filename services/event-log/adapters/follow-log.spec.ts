import { expect, it, vi } from 'vitest'
import { eventAt, eventsAt, listenTo, streamAt } from '../event-log.examples.ts'
import { NO_STREAM } from '../port.ts'
import { followLog, readingLog } from './follow-log.ts'
import { headOf, signalHead } from './head-signal.ts'
import { openSqlite } from './sqlite.rig.ts'

const stream = streamAt(1)
const positionsOf = (events: readonly { position: number }[]) => events.map(({ position }) => position)

it('EL6 reads on from its position in another thread, and wakes with each commit', async () => {
  const { log, reader, signal } = openSqlite()
  for (let n = 0; n < 3; n++) await log.append(stream, n - 1, eventsAt(n))
  const heard = listenTo({ follow: (after, onBatch) => followLog(reader, signal, after, onBatch) }, 1)
  expect(heard.delivered).toEqual([])
  for (let n = 3; n < 30; n++) {
    await log.append(stream, n - 1, eventsAt(n))
    if (n % 5 === 0) await new Promise((resolve) => setTimeout(resolve, 2))
  }
  const wokenAt = performance.now()
  await vi.waitFor(() => expect(heard.delivered.at(-1)?.position).toBe(30), { interval: 2 })
  expect(performance.now() - wokenAt).toBeLessThan(900)
  expect(positionsOf(heard.delivered)).toEqual(Array.from({ length: 29 }, (_, n) => n + 2))
  await heard.following.close()
})

it('EL6 comes in pages of a thousand, each after the one before is done', async () => {
  const { log, reader, signal } = openSqlite()
  const many = Array.from({ length: 2_500 }, (_, n) => eventAt(n))
  await log.append(stream, NO_STREAM, many)
  const pages: number[] = []
  let busy = false
  const { close } = followLog(reader, signal, 0, async (events) => {
    expect(busy).toBe(false)
    busy = true
    await new Promise((resolve) => setTimeout(resolve, 1))
    busy = false
    pages.push(events.length)
  })
  await vi.waitFor(() => expect(pages).toEqual([1_000, 1_000, 500]))
  await close()
})

it('EL11 stops at once when it is closed, also while it sleeps', async () => {
  const { log, reader, signal } = openSqlite()
  const heard = listenTo({ follow: (after, onBatch) => followLog(reader, signal, after, onBatch) }, 0)
  await log.append(stream, NO_STREAM, eventsAt(1))
  await vi.waitFor(() => expect(heard.delivered).toHaveLength(1))
  await heard.following.close()
  await expect(heard.following.ended).resolves.toBeUndefined()
  await log.append(stream, 0, eventsAt(2))
  await new Promise((resolve) => setTimeout(resolve, 10))
  expect(heard.delivered).toHaveLength(1)
})

it.each([
  ['an event of a later version', 'UpgradeNeeded', () => undefined],
  [
    'a handler that throws',
    'RangeError',
    () => {
      throw new RangeError('no')
    },
  ],
])('EL11 ends by %s and says so', async (_, name, onBatch) => {
  const { log, reader, signal } = openSqlite()
  await log.append(stream, NO_STREAM, [eventAt(1, { schema: name === 'UpgradeNeeded' ? 99 : 1 })])
  await expect(followLog(reader, signal, 0, onBatch).ended).rejects.toMatchObject({ name })
})

it('EL6 sleeps at the head also when no event stands there', async () => {
  const { log, reader, signal } = openSqlite()
  await log.append(stream, NO_STREAM, eventsAt(1))
  const readAll = vi.fn(reader.readAll.bind(reader))
  signalHead(signal, 9)
  const { close } = followLog({ readAll }, signal, 0, () => undefined)
  await new Promise((resolve) => setTimeout(resolve, 30))
  // The event, nothing behind it, and once more when the writer's rest is over.
  expect(readAll.mock.calls.length).toBeLessThanOrEqual(3)
  await close()
})

it('EL6 is the same through the log that only reads, which ends its followers with itself', async () => {
  const { log, reader, signal } = openSqlite()
  await log.append(stream, NO_STREAM, eventsAt(1, 2))
  expect(headOf(signal)).toBe(2)
  const reading = readingLog(reader, signal)
  expect([reading.log, await reading.head()]).toEqual(['log-1', 2])
  const everything = await log.readAll(0, 10)
  expect(await reading.readAll(0, 10)).toEqual(everything)
  expect(await reading.read(stream, 1, 1)).toEqual(everything.slice(1))
  expect(await reading.last(stream)).toEqual(everything[1])
  expect(await reading.find(stream, eventAt(1).id, eventAt(1).command)).toEqual(everything[0])
  const heard = listenTo(reading, 0)
  await vi.waitFor(() => expect(heard.delivered).toEqual(everything))
  await reading.close()
  await expect(heard.following.ended).resolves.toBeUndefined()
})
