import { MessageChannel } from 'node:worker_threads'
import type { EventId } from '@verbatim/protocol'
import { describe, expect, it, vi } from 'vitest'
import { eventAt, eventsAt, listenTo, recordedAs, streamAt } from '../event-log.examples.ts'
import { NO_STREAM, type Recorded } from '../port.ts'
import type { Parcel } from './parcel.ts'
import { openSqlite, parcelOf } from './sqlite.rig.ts'
import { sqliteEventLog } from './sqlite-event-log.ts'
import { openLogWriter } from './sqlite-writer.ts'

const stream = streamAt(1)

describe('the main thread', () => {
  it('EL18 hands a commit to the live followers whole, before any of its appends is answered', async () => {
    const { log } = openSqlite()
    const told: string[] = []
    log.follow(0, (events) => void told.push(events.map(({ position }) => position).join(' ')))
    const append = (n: number) => log.append(streamAt(n), NO_STREAM, eventsAt(n)).then(() => told.push(`answer ${n}`))
    await Promise.all([append(1), append(2), append(3)])
    expect(told).toEqual(['1 2 3', 'answer 1', 'answer 2', 'answer 3'])
  })

  it('EL18 gives the events from memory as they will be read', async () => {
    const { log } = openSqlite()
    const heard = listenTo(log, 0)
    const full = eventAt(2, { causedBy: eventAt(1).id, trace: 'trace' })
    await log.append(stream, NO_STREAM, [eventAt(1), full])
    expect(heard.delivered).toStrictEqual(await log.readAll(0, 10))
    expect(heard.delivered[1]).toStrictEqual(recordedAs(full, { stream, revision: 1, position: 2 }))
  })

  it('EL12 sends the appends of one turn in one message', async () => {
    const { log, writer } = openSqlite()
    const stage = vi.spyOn(writer, 'stage')
    await Promise.all([1, 2, 3, 4].map((n) => log.append(streamAt(n), NO_STREAM, eventsAt(n))))
    expect(stage).toHaveBeenCalledTimes(1)
  })

  it('EL8 refuses an event that the tables would refuse, and only that', async () => {
    const { log } = openSqlite()
    const id = eventAt(1).id.toUpperCase() as EventId
    const bad = [eventAt(1, { id }), eventAt(1, { causedBy: id }), eventAt(1, { at: 1.5 })]
    const answers = await Promise.allSettled([
      ...bad.map((event) => log.append(stream, NO_STREAM, [event])),
      log.append(stream, NO_STREAM, eventsAt(1)),
    ])
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'fulfilled'])
  })
})

describe('a follower that was behind', () => {
  it('EL6 gets each event once and in order, whenever its reading is overtaken by commits', async () => {
    for (let delay = 0; delay < 12; delay++) {
      const { log, reads } = openSqlite()
      for (let n = 0; n < 5; n++) await log.append(stream, n - 1, eventsAt(n))
      const heard = listenTo(log, 0)
      // Commits come before, while and after the page is read and answered.
      for (let n = 5; n < 12; n++) {
        const appended = log.append(stream, n - 1, eventsAt(n))
        for (let turns = 0; turns < delay; turns++) await reads.head()
        await appended
      }
      await vi.waitFor(() => expect(heard.delivered.length).toBeGreaterThanOrEqual(12))
      expect(heard.delivered.map(({ position }) => position)).toEqual(Array.from({ length: 12 }, (_, n) => n + 1))
    }
  })

  it('EL6 loses nothing to an answer of the reader that is older or newer than the commits it has missed', async () => {
    const { log, reader } = openSqlite()
    await log.append(stream, NO_STREAM, eventsAt(0, 1, 2))
    const answers: ((events: Recorded[]) => void)[] = []
    const writer = new MessageChannel()
    const slow = sqliteEventLog({
      writer: writer.port2,
      reads: {
        read: log.read,
        last: log.last,
        find: log.find,
        head: log.head,
        readAll: () => new Promise<Recorded[]>((resolve) => answers.push(resolve)),
      },
      log: 'log-1',
      head: 3,
    })
    const heard = listenTo(slow, 0)
    const commit = async (position: number, revision: number) => {
      const appended = slow.append(stream, revision - 1, eventsAt(revision))
      await new Promise((resolve) => setImmediate(resolve))
      writer.port1.postMessage({ results: [[position]] })
      await appended
    }
    await commit(4, 3)
    // Read before the commit of 4: stops at 3.
    answers.shift()?.(reader.readAll(0, 10))
    await vi.waitFor(() => expect(answers).toHaveLength(1))
    const four = recordedAs(eventAt(3), { stream, revision: 3, position: 4 })
    const five = recordedAs(eventAt(4), { stream, revision: 4, position: 5 })
    // Read after the commit of 5, whose answer is still on the way.
    answers.shift()?.([four, five])
    await vi.waitFor(() => expect(heard.delivered).toHaveLength(5))
    await commit(5, 4)
    await commit(6, 5)
    expect(heard.delivered.map(({ position }) => position)).toEqual([1, 2, 3, 4, 5, 6])
    expect(answers).toHaveLength(0)
    writer.port1.close()
  })

  it('EL11 ends with what the reader met, and the error is still what it was', async () => {
    const { log } = openSqlite()
    await log.append(stream, NO_STREAM, [eventAt(1), eventAt(2, { schema: 99 })])
    const { following } = listenTo(log, 0)
    await expect(following.ended).rejects.toMatchObject({ name: 'UpgradeNeeded', position: 2, schema: 99 })
  })
})

describe('an append without an answer', () => {
  it('EL17 is given up as unknown after its time, and followers still get its events', async () => {
    const { reads } = openSqlite()
    const writer = new MessageChannel()
    const log = sqliteEventLog({ writer: writer.port2, reads, log: 'log-1', head: 0, patience: 20 })
    const heard = listenTo(log, 0)
    await expect(log.append(stream, NO_STREAM, eventsAt(1))).rejects.toMatchObject({
      name: 'LogUnavailable',
      message: 'the writer of the log does not answer',
      written: 'unknown',
      diskFull: false,
    })
    writer.port1.postMessage({ results: [[1]] })
    await vi.waitFor(() => expect(heard.delivered).toHaveLength(1))
    const next = log.append(stream, 0, eventsAt(2))
    await new Promise((resolve) => setImmediate(resolve))
    writer.port1.postMessage({ results: [[2]] })
    expect(await next).toEqual({ kind: 'appended', revision: 1, position: 2 })
    writer.port1.close()
  })

  it('EL17 is unknown when the writer goes, and what comes after is surely not written', async () => {
    const { log, ports, writer } = openSqlite()
    vi.spyOn(writer, 'stage').mockImplementation(() => {
      ports.appends.port1.close()
      return [1]
    })
    const lost = { name: 'LogUnavailable', message: 'the writer of the log is gone' }
    await expect(log.append(stream, NO_STREAM, eventsAt(1))).rejects.toMatchObject({ ...lost, written: 'unknown' })
    await expect(log.append(stream, NO_STREAM, eventsAt(1))).rejects.toMatchObject({ ...lost, written: 'no' })
  })

  it('EL1 is waited for when the log is closed, and the writer closes its file', async () => {
    const { log, file, writer } = openSqlite()
    const appended = log.append(stream, NO_STREAM, eventsAt(1))
    await log.close()
    await log.close()
    expect(await appended).toMatchObject({ kind: 'appended' })
    await vi.waitFor(() => expect(() => writer.stage(parcelOf([stream, 0, eventsAt(2)]))).toThrow(/not open/))
    expect(openLogWriter({ file, newLogId: () => 'log-2' }).head()).toBe(1)
  })
})

describe('the writer’s thread', () => {
  const full = Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })
  const broken = Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR_FSYNC' })

  it.each([
    ['stage', full, { written: 'no', diskFull: true }],
    ['stage', broken, { written: 'no', diskFull: false }],
    ['commit', full, { written: 'no', diskFull: true }],
    ['commit', broken, { written: 'unknown', diskFull: false }],
  ] as const)(
    'EL13 answers each append of a transaction whose %s failed (%o), and goes on',
    async (step, error, told) => {
      const { log, writer } = openSqlite()
      const heard = listenTo(log, 0)
      const real = writer[step].bind(writer) as (parcel: Parcel) => never
      vi.spyOn(writer, step as 'stage').mockImplementationOnce((parcel) => {
        if (step === 'stage') real(parcel)
        throw error
      })
      const answers = await Promise.allSettled([1, 2].map((n) => log.append(streamAt(n), NO_STREAM, eventsAt(n))))
      for (const answer of answers)
        expect(answer).toMatchObject({ reason: { name: 'LogUnavailable', message: error.message, ...told } })
      expect(await log.head()).toBe(0)
      expect(await log.append(stream, NO_STREAM, eventsAt(3))).toEqual({ kind: 'appended', revision: 0, position: 1 })
      expect(heard.delivered).toHaveLength(1)
    },
  )

  it('EL12 commits everything that waits at once, but after two milliseconds what it has', async () => {
    let time = 0
    const { ports, writer } = openSqlite(undefined, { now: () => time })
    const stage = writer.stage.bind(writer)
    vi.spyOn(writer, 'stage').mockImplementation((parcel) => {
      time += 0.8
      return stage(parcel)
    })
    const commits: number[] = []
    ports.appends.port2.on('message', ({ results }) => commits.push(results.length))
    for (let n = 0; n < 10; n++) ports.appends.port2.postMessage(parcelOf([streamAt(n), NO_STREAM, eventsAt(n)]))
    await vi.waitFor(() => expect(commits).toEqual([3, 3, 3, 1]))
  })
})
