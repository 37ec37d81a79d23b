import { snapshotStream } from '@verbatim/protocol'
import { bob, bobsSession } from '@verbatim/protocol/examples'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { eventAt, eventsAt, listenTo, readingAt, recordedAs, streamAt, uuidAt } from './event-log.examples.ts'
import { type EventLog, NO_STREAM } from './port.ts'

/** What every event log promises. `open` gives a log of its own to each test. */
export const describeEventLog = (adapter: string, open: () => Promise<EventLog>) =>
  describe(`EventLog on ${adapter}`, () => {
    describe('append', () => appends(open))
    describe('read', () => reads(open))
    describe('compacted streams', () => compacts(open))
    describe('follow', () => follows(open))
  })

const appends = (open: () => Promise<EventLog>) => {
  const stream = streamAt(1)

  it('EL1 answers with the place of the last event, which is there for everyone who asks then', async () => {
    const log = await open()
    expect(await log.append(stream, NO_STREAM, eventsAt(1, 2))).toEqual({ kind: 'appended', revision: 1, position: 2 })
    expect(await log.append(stream, 1, eventsAt(3))).toEqual({ kind: 'appended', revision: 2, position: 3 })
    expect(await log.head()).toBe(3)
    expect(await log.last(stream)).toEqual(recordedAs(eventAt(3), { stream, revision: 2, position: 3 }))
  })

  it('EL2 writes nothing under a wrong expected revision and names the actual one', async () => {
    const log = await open()
    expect(await log.append(stream, 0, eventsAt(1))).toEqual({ kind: 'conflict', actual: NO_STREAM })
    await log.append(stream, NO_STREAM, eventsAt(1, 2))
    for (const wrong of [NO_STREAM, 0, 2])
      expect(await log.append(stream, wrong, eventsAt(3))).toEqual({ kind: 'conflict', actual: 1 })
    expect((await log.read(stream, 0, 10)).map(({ id }) => id)).toEqual([uuidAt(1), uuidAt(2)])
    expect(await log.head()).toBe(2)
  })

  it('EL2 lets exactly one of many appends at the same place win', async () => {
    const log = await open()
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => log.append(stream, NO_STREAM, [eventAt(n)])))
    const won = answers.flatMap(({ kind }, n) => (kind === 'appended' ? [uuidAt(n)] : []))
    expect(won).toHaveLength(1)
    expect(answers.filter(({ kind }) => kind === 'conflict')).toHaveLength(19)
    expect((await log.read(stream, 0, 10)).map(({ id }) => id)).toEqual(won)
  })

  it('EL3 writes none of the events when one cannot be', async () => {
    const log = await open()
    await log.append(stream, NO_STREAM, eventsAt(1))
    expect(await log.append(stream, 0, eventsAt(2, 3, 1))).toEqual({ kind: 'conflict', actual: 0 })
    expect(await log.find(stream, uuidAt(2), eventAt(2).command)).toBeUndefined()
    expect(await log.append(stream, 0, eventsAt(2, 3))).toMatchObject({ kind: 'appended', revision: 2 })
    expect((await log.read(stream, 0, 10)).map(({ revision }) => revision)).toEqual([0, 1, 2])
  })

  it('EL3 refuses an append of nothing', async () => {
    const log = await open()
    await expect(log.append(stream, NO_STREAM, [])).rejects.toThrow(RangeError)
  })

  it('EL4 counts the revisions of each stream for itself and the positions for all', async () => {
    const log = await open()
    const other = streamAt(2)
    await log.append(stream, NO_STREAM, eventsAt(1))
    await log.append(other, NO_STREAM, eventsAt(2, 3))
    await log.append(stream, 0, eventsAt(4))
    const places = (await log.readAll(0, 10)).map((event) => [event.stream, event.revision, event.position])
    expect(places).toEqual([
      [stream, 0, 1],
      [other, 0, 2],
      [other, 1, 3],
      [stream, 1, 4],
    ])
  })

  it('EL5 refuses a second event of the same id in its stream, also within one append, but not in another', async () => {
    const log = await open()
    await log.append(stream, NO_STREAM, eventsAt(5, 6))
    expect(await log.append(stream, 1, eventsAt(5))).toEqual({ kind: 'conflict', actual: 1 })
    expect(await log.append(stream, 1, eventsAt(7, 7))).toEqual({ kind: 'conflict', actual: 1 })
    expect(await log.append(streamAt(2), NO_STREAM, eventsAt(5))).toMatchObject({ kind: 'appended' })
    expect(await log.append(stream, 1, eventsAt(1))).toMatchObject({ kind: 'appended', revision: 2 })
  })
}

const reads = (open: () => Promise<EventLog>) => {
  const stream = streamAt(1)
  let log: EventLog
  beforeAll(async () => {
    log = await open()
    await log.append(stream, NO_STREAM, eventsAt(1, 2, 3))
  })
  const revisions = async (from: number, limit: number) =>
    (await log.read(stream, from, limit)).map(({ revision }) => revision)

  it('EL8 gives back every field as it was written', async () => {
    const [plain, full] = [
      eventAt(1),
      eventAt(2, { causedBy: uuidAt(1), trace: '00-4bf92f-00f067-01\n7:x', actor: bob, session: bobsSession }),
    ]
    const other = streamAt(3)
    const appended = await log.append(other, NO_STREAM, [plain, full])
    const last = appended.kind === 'appended' ? appended.position : 0
    const expected = [
      recordedAs(plain, { stream: other, revision: 0, position: last - 1 }),
      recordedAs(full, { stream: other, revision: 1, position: last }),
    ]
    expect(await log.read(other, 0, 10)).toStrictEqual(expected)
    expect(await log.readAll(last - 2, 10)).toStrictEqual(expected)
    expect(await log.last(other)).toStrictEqual(expected[1])
    expect(await log.find(other, plain.id, plain.command)).toStrictEqual(expected[0])
  })

  it.each([
    ['every script', JSON.stringify({ text: 'Ünïcödé 你好 🫖 مرحبا \u0000 \u2028 \ud800 "\\' })],
    ['64 KiB', JSON.stringify({ text: 'ü'.repeat(32_768) })],
  ])('EL8 keeps data of %s word for word', async (_, json) => {
    const other = streamAt(json.length)
    await log.append(other, NO_STREAM, [eventAt(1, { json })])
    expect((await log.last(other))?.json).toBe(json)
  })

  it('EL8 reads a range from its first revision, and nothing beyond the end', async () => {
    expect(await revisions(0, 2)).toEqual([0, 1])
    expect(await revisions(1, 10)).toEqual([1, 2])
    expect(await revisions(3, 10)).toEqual([])
    expect(await log.readAll(1_000, 10)).toEqual([])
    expect((await log.readAll(1, 1)).map(({ position }) => position)).toEqual([2])
  })

  it('EL8 knows nothing of a stream that never was, nor of an event of another stream', async () => {
    const unknown = streamAt(99)
    expect(await log.read(unknown, 0, 10)).toEqual([])
    expect(await log.last(unknown)).toBeUndefined()
    expect(await log.find(unknown, uuidAt(1), eventAt(1).command)).toBeUndefined()
    expect(await log.find(stream, uuidAt(77), eventAt(77).command)).toBeUndefined()
    expect(await log.find(stream, uuidAt(77), eventAt(1).command)).toBeUndefined()
  })

  it('EL1 has an id of its own, and a head of 0 when it is empty', async () => {
    const empty = await open()
    expect(empty.log).toMatch(/./)
    expect(await empty.head()).toBe(0)
    expect(await empty.readAll(0, 10)).toEqual([])
  })
}

const compacts = (open: () => Promise<EventLog>) => {
  const reading = readingAt(1)

  it('EL7 keeps only the last event of a compacted stream, whose revisions count on', async () => {
    const log = await open()
    await log.append(reading, NO_STREAM, eventsAt(1))
    await log.append(reading, 0, eventsAt(2, 3))
    expect(await log.append(reading, 0, eventsAt(4))).toEqual({ kind: 'conflict', actual: 2 })
    const kept = [recordedAs(eventAt(3), { stream: reading, revision: 2, position: 3 })]
    expect(await log.read(reading, 0, 10)).toEqual(kept)
    expect(await log.readAll(0, 10)).toEqual(kept)
    expect(await log.last(reading)).toEqual(kept[0])
    expect(await log.find(reading, uuidAt(1), eventAt(1).command)).toBeUndefined()
  })

  it('EL7 compacts snapshots too, and nothing else', async () => {
    const log = await open()
    const snapshot = snapshotStream(streamAt(1))
    await log.append(streamAt(1), NO_STREAM, eventsAt(1, 2))
    await log.append(snapshot, NO_STREAM, eventsAt(3))
    await log.append(snapshot, 0, eventsAt(4))
    expect((await log.readAll(0, 10)).map(({ id }) => id)).toEqual([1, 2, 4].map(uuidAt))
  })

  it('EL9 never uses a position again, and fills a page past compacted ones', async () => {
    const log = await open()
    await log.append(streamAt(1), NO_STREAM, eventsAt(1))
    for (let n = 0; n < 30; n++) await log.append(reading, n - 1, eventsAt(10 + n))
    expect(await log.append(streamAt(1), 0, eventsAt(2, 3))).toMatchObject({ position: 33 })
    expect((await log.readAll(0, 3)).map(({ position }) => position)).toEqual([1, 31, 32])
    expect(await log.head()).toBe(33)
  })
}

const follows = (open: () => Promise<EventLog>) => {
  const stream = streamAt(1)

  it.each([0, 2, 5])('EL6 delivers everything after position %i, old and new, in order', async (after) => {
    const log = await open()
    await log.append(stream, NO_STREAM, eventsAt(1, 2, 3))
    await log.append(stream, 2, eventsAt(4, 5))
    const heard = listenTo(log, after)
    await log.append(stream, 4, eventsAt(6, 7))
    await log.append(stream, 6, eventsAt(8))
    await vi.waitFor(() => expect(heard.once().at(-1)?.position).toBe(8))
    expect(heard.once()).toEqual(await log.readAll(after, 10))
  })

  it('EL6 hands the events of one append over together', async () => {
    const log = await open()
    const heard = listenTo(log, 0)
    await log.append(stream, NO_STREAM, eventsAt(1, 2, 3, 4, 5, 6, 7, 8, 9))
    await vi.waitFor(() => expect(heard.once()).toHaveLength(9))
    expect(heard.batches.some((batch) => batch.length >= 9)).toBe(true)
  })

  it('EL6 skips and reverses nothing while many write and followers join at any time', async () => {
    const log = await open()
    const listeners = [listenTo(log, 0)]
    const write = async (n: number) => {
      for (let revision = NO_STREAM; revision < 39; revision++) {
        await log.append(streamAt(n), revision, [eventAt(100 * n + revision + 1)])
        if (revision % 10 === n) listeners.push(listenTo(log, 0), listenTo(log, await log.head()))
      }
    }
    await Promise.all([1, 2, 3, 4, 5].map(write))
    const all = await log.readAll(0, 1_000)
    expect(all).toHaveLength(200)
    for (const { once } of listeners) {
      await vi.waitFor(() => expect(once().at(-1)?.position).toBe(200))
      const positions = once().map(({ position }) => position)
      const first = positions[0] ?? 0
      expect(positions).toEqual(Array.from({ length: 201 - first }, (_, at) => first + at))
    }
    expect(listeners[0]?.once()).toEqual(all)
  })

  it('EL6 waits for a slow handler, which then misses nothing', async () => {
    const log = await open()
    let busy = 0
    const seen: number[] = []
    log.follow(0, async (events) => {
      expect(++busy).toBe(1)
      await new Promise((resolve) => setTimeout(resolve, 3))
      seen.push(...events.map(({ position }) => position))
      busy--
    })
    for (let n = 0; n < 20; n++) await log.append(stream, n - 1, eventsAt(n))
    await vi.waitFor(() => expect(new Set(seen).size).toBe(20))
    expect([...new Set(seen)]).toEqual(Array.from({ length: 20 }, (_, at) => at + 1))
  })

  it('EL11 delivers nothing more once it is closed', async () => {
    const log = await open()
    const [closed, open_] = [listenTo(log, 0), listenTo(log, 0)]
    await log.append(stream, NO_STREAM, eventsAt(1))
    await vi.waitFor(() => expect(closed.once()).toHaveLength(1))
    await closed.following.close()
    await closed.following.close()
    const before = closed.delivered.length
    await log.append(stream, 0, eventsAt(2))
    await vi.waitFor(() => expect(open_.once()).toHaveLength(2))
    expect(closed.delivered).toHaveLength(before)
    await expect(closed.following.ended).resolves.toBeUndefined()
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error('no room')
      },
    ],
    ['rejects', () => Promise.reject(new Error('no room'))],
  ])('EL11 ends a follower whose handler %s, says why, and goes on with the others', async (_, onBatch) => {
    const log = await open()
    const onlyOnce = vi.fn(onBatch)
    const { ended } = log.follow(0, onlyOnce)
    const other = listenTo(log, 0)
    const why = expect(ended).rejects.toThrow('no room')
    expect(await log.append(stream, NO_STREAM, eventsAt(1))).toMatchObject({ kind: 'appended' })
    await why
    expect(await log.append(stream, 0, eventsAt(2))).toMatchObject({ kind: 'appended' })
    await vi.waitFor(() => expect(other.once()).toHaveLength(2))
    expect(onlyOnce).toHaveBeenCalledTimes(1)
  })

  it('EL11 ends its followers and takes no more appends when the log is closed', async () => {
    const log = await open()
    const { following } = listenTo(log, 0)
    await log.append(stream, NO_STREAM, eventsAt(1))
    await log.close()
    await expect(following.ended).resolves.toBeUndefined()
    await expect(log.append(stream, 0, eventsAt(2))).rejects.toMatchObject({ name: 'LogUnavailable', written: 'no' })
  })
}
