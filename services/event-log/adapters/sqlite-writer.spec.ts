import { copyFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { eventAt, eventsAt, readingAt, recordedAs, streamAt, uuidAt } from '../event-log.examples.ts'
import { NO_STREAM } from '../port.ts'
import { conflictAt } from './parcel.ts'
import { freshFile, freshFolder, parcelOf, writerWith } from './sqlite.rig.ts'
import { assertSqlite, openForWriting } from './sqlite-file.ts'
import { openLogReader } from './sqlite-reader.ts'
import { logWriterOn, openLogWriter } from './sqlite-writer.ts'

const stream = streamAt(1)
const newLogId = () => 'log-1'
const range = (from: number, to: number) => eventsAt(...Array.from({ length: to - from }, (_, at) => from + at))

describe('a commit', () => {
  it('EL12 takes many parcels, in which a conflict and a repeated id do not undo their neighbours', () => {
    const file = freshFile()
    const writer = openLogWriter({ file, newLogId })
    const first = writer.stage(parcelOf([stream, NO_STREAM, eventsAt(1, 2)], [stream, 0, eventsAt(3)]))
    const second = writer.stage(
      parcelOf([stream, 1, eventsAt(4)], [stream, 2, eventsAt(5, 1)], [streamAt(2), NO_STREAM, eventsAt(1)]),
    )
    const third = writer.stage(parcelOf([stream, 2, eventsAt(5)]))
    expect(writer.head()).toBe(0)
    writer.commit()
    expect([first, second, third]).toEqual([[1, conflictAt(1)], [3, conflictAt(2), 4], [5]])
    expect(writer.head()).toBe(5)
    expect(
      openLogReader(file)
        .readAll(0, 10)
        .map(({ id }) => id),
    ).toEqual([1, 2, 4, 1, 5].map(uuidAt))
  })

  it('EL10 that was not made leaves nothing behind, however far it had come', () => {
    const file = freshFile()
    const writer = writerWith(file, stream, range(0, 10))
    writer.stage(parcelOf([stream, 9, range(10, 20)], [streamAt(2), NO_STREAM, eventsAt(1)]))
    // What a killed process leaves are its files as they are now.
    const copy = freshFolder()
    for (const name of ['log.db', 'log.db-wal']) copyFileSync(join(dirname(file), name), join(copy, name))
    const survivor = openLogWriter({ file: join(copy, 'log.db'), newLogId })
    expect(survivor.head()).toBe(10)
    expect(survivor.stage(parcelOf([stream, 9, eventsAt(10)], [streamAt(2), NO_STREAM, eventsAt(1)]))).toEqual([11, 12])
  })

  it('EL10 that was made is there after the file is opened again, with the id of the log and all that is known', () => {
    const file = freshFile()
    const events = range(0, 5_000)
    writerWith(file, stream, events).close()
    const again = openLogWriter({ file, newLogId: () => 'another' })
    expect([again.log, again.head()]).toEqual(['log-1', 5_000])
    expect(again.stage(parcelOf([stream, 3, eventsAt(1)]))).toEqual([conflictAt(4_999)])
    for (const known of [0, 2_500, 4_999])
      expect(again.stage(parcelOf([stream, 4_999, eventsAt(known)]))).toEqual([conflictAt(4_999)])
    again.commit()
    const reader = openLogReader(file)
    expect(reader.read(stream, 0, 6_000)).toEqual(
      events.map((event, at) => recordedAs(event, { stream, revision: at, position: at + 1 })),
    )
  })

  it('EL5 finds a repeated id wherever it lies, filed or not', () => {
    const file = freshFile()
    const writer = writerWith(file, stream, range(0, 3_000))
    const reader = openLogReader(file)
    for (const known of [0, 1_000, 2_047, 2_048, 2_900, 2_999]) {
      const { id, command } = eventAt(known)
      expect(writer.stage(parcelOf([stream, 2_999, [eventAt(known)]]))).toEqual([conflictAt(2_999)])
      expect(reader.find(stream, id, command)?.revision).toBe(known)
    }
    expect(writer.stage(parcelOf([stream, 2_999, [eventAt(0, { id: uuidAt(9_999) })]]))).toEqual([3_001])
  })

  it('EL7 compacts across filings, and leaves no entry that leads elsewhere', () => {
    const file = freshFile()
    const writer = openLogWriter({ file, newLogId })
    const reader = openLogReader(file)
    const reading = readingAt(1)
    for (let n = 0; n < 6_000; n += 3) {
      writer.stage(parcelOf([reading, n - 1, range(n, n + 3)]))
      if (n % 150 !== 0) continue
      writer.commit()
      expect(reader.last(reading)?.revision).toBe(n + 2)
    }
    writer.commit()
    expect(reader.read(reading, 0, 10).map(({ revision }) => revision)).toEqual([5_999])
    expect(new Database(file).prepare('SELECT count(*) FROM revisions').pluck().get()).toBeLessThanOrEqual(1)
    writer.close()
    expect(openLogWriter({ file, newLogId }).stage(parcelOf([reading, 5_999, eventsAt(7_000)]))).toEqual([6_001])
  })
})

it('EL9 counts on from the last event, not from one that was refused', () => {
  const file = freshFile()
  const writer = writerWith(file, stream, range(0, 3))
  expect(writer.stage(parcelOf([stream, 2, eventsAt(3, 4, 5, 0)]))).toEqual([conflictAt(2)])
  writer.commit()
  writer.close()
  const again = openLogWriter({ file, newLogId })
  expect(again.head()).toBe(3)
  expect(again.stage(parcelOf([stream, 2, eventsAt(3)]))).toEqual([4])
})

describe('the file', () => {
  it('EL13 that is full refuses whole and takes up again when there is room', () => {
    const file = freshFile()
    const { db, log } = openForWriting(file, newLogId)
    const writer = logWriterOn(db, log)
    writer.stage(parcelOf([stream, NO_STREAM, range(0, 10)]))
    writer.commit()
    db.pragma('max_page_count = 1')
    const tooMuch = parcelOf([stream, 9, range(10, 500)], [streamAt(2), NO_STREAM, range(0, 500)])
    expect(() => writer.stage(tooMuch)).toThrow(expect.objectContaining({ code: 'SQLITE_FULL' }))
    writer.rollback()
    expect(openLogReader(file).readAll(0, 1_000)).toHaveLength(10)
    db.pragma('max_page_count = 1073741823')
    expect(writer.stage(tooMuch)).toEqual([11, 501])
    writer.commit()
    expect(openLogReader(file).readAll(0, 2_000)).toHaveLength(1_000)
  })

  it('EL15 is synced with every commit, kept in WAL and open to its owner only', () => {
    const file = freshFile()
    const { db, log } = openForWriting(file, newLogId)
    expect(db.pragma('synchronous', { simple: true })).toBe(2)
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal')
    logWriterOn(db, log).stage(parcelOf([stream, NO_STREAM, eventsAt(1)]))
    for (const name of [file, `${file}-wal`, `${file}-shm`]) expect(statSync(name).mode & 0o777).toBe(0o600)
  })

  it('EL15 is opened by SQLite 3.51.3 and later only', () => {
    for (const good of ['3.51.3', '3.51.10', '3.52.0', '3.100.0', '4.0.0'])
      expect(() => assertSqlite(good)).not.toThrow()
    for (const old of ['3.51.2', '3.50.9', '3.9.9', '2.99.99', '3.51'])
      expect(() => assertSqlite(old)).toThrow(`SQLite ${old} is older than 3.51.3`)
  })

  it('EL15 of a later version, or that is no log, is left alone', () => {
    const later = freshFile()
    openLogWriter({ file: later, newLogId }).close()
    const db = new Database(later)
    db.exec("UPDATE meta SET value = '2' WHERE key = 'tables'")
    db.close()
    for (const open of [() => openLogWriter({ file: later, newLogId }), () => openLogReader(later)])
      expect(open).toThrow('the log’s tables are of version 2, this process knows 1')
    expect(() => openLogReader(join(freshFolder(), 'none.db'))).toThrow(/unable to open/)
  })
})
