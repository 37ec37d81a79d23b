import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { eventAt, eventsAt, readingAt, streamAt, uuidAt } from '../event-log.examples.ts'
import { NO_STREAM } from '../port.ts'
import { checkLog } from './check-log.ts'
import { freshFile, parcelOf } from './sqlite.rig.ts'
import { renameLog } from './sqlite-file.ts'
import { openLogReader } from './sqlite-reader.ts'
import { openLogWriter } from './sqlite-writer.ts'

/** Bytes of a page of the file. */
const PAGE = 16_384

/** Positions 1–2,100 in one stream, of which the first 2,048 or more are filed; then a reading of two; one stream more. */
const sound = (): string => {
  const file = freshFile()
  const writer = openLogWriter({ file, newLogId: () => 'log-1' })
  for (let at = 0; at < 2_100; at += 300) {
    const events = Array.from({ length: 300 }, (_, n) =>
      eventAt(at + n, n === 7 ? { causedBy: uuidAt(1), trace: 'x' } : {}),
    )
    writer.stage(parcelOf([streamAt(1), at - 1, events]))
    writer.commit()
  }
  writer.stage(parcelOf([readingAt(1), NO_STREAM, eventsAt(5_000)]))
  writer.stage(parcelOf([readingAt(1), 0, eventsAt(5_001)]))
  writer.stage(parcelOf([streamAt(2), NO_STREAM, eventsAt(5_002, 5_003)]))
  writer.commit()
  writer.close()
  return file
}
const template = readFileSync(sound())
const whole = (): string => {
  const file = freshFile()
  writeFileSync(file, template)
  return file
}
const spoilt = async (spoil: (db: Database.Database) => void) => {
  const file = whole()
  const db = new Database(file)
  db.pragma('journal_mode = DELETE')
  spoil(db)
  db.close()
  return checkLog(file)
}
const flip = (db: Database.Database, table: string, column: string, where: string) => {
  const value: unknown = db.prepare(`SELECT ${column} FROM ${table} WHERE ${where}`).pluck().get()
  const flipped =
    typeof value === 'number'
      ? value ^ 64
      : Buffer.isBuffer(value)
        ? Buffer.from(value.map((byte, at) => (at === 0 ? byte ^ 1 : byte)))
        : `${value}`.replace(/^./s, (first) => String.fromCharCode(first.charCodeAt(0) ^ 1))
  db.prepare(`UPDATE ${table} SET ${column} = ? WHERE ${where}`).run(flipped)
}

describe('the check of a log', () => {
  it('OP43 finds nothing in a sound log, compacted events and unfiled ones included', async () => {
    const seen: number[] = []
    const { faults, head, events } = await checkLog(whole(), (done) => seen.push(done))
    expect({ faults, head, events }).toEqual({ faults: [], head: 2_104, events: 2_103 })
    expect(seen).toEqual([1_000, 2_000, 2_104])
  })

  it.each([
    'stream',
    'revision',
    'id',
    'type',
    'schema',
    'actor',
    'session',
    'command',
    'causedBy',
    'digest',
    'at',
    'trace',
    'data',
    'checksum',
  ])('OP43 names the position of an event whose %s was changed', async (column) => {
    const { faults } = await spoilt((db) => flip(db, 'events', column, 'position = 8'))
    expect(faults[0]).toMatchObject({ position: 8 })
  })

  it.each<[string, number, (db: Database.Database) => void]>([
    ['an event whose position was changed', 2_167, (db) => flip(db, 'events', 'position', 'position = 2103')],
    ['an event that was deleted', 501, (db) => db.exec('DELETE FROM events WHERE position = 500')],
    ['the last event of a stream, deleted', 2_100, (db) => db.exec('DELETE FROM events WHERE position = 2100')],
    ['the last event of the log, deleted', 2_104, (db) => db.exec('DELETE FROM events WHERE position = 2104')],
    [
      'a compacted event that was kept last, deleted',
      2_101,
      (db) => db.exec('DELETE FROM events WHERE position = 2102'),
    ],
    [
      'two events that changed places',
      10,
      (db) =>
        db.exec(`UPDATE events SET position = 0 WHERE position = 10;
                 UPDATE events SET position = 10 WHERE position = 11; UPDATE events SET position = 11 WHERE position = 0`),
    ],
    ['a stream that got another name', 2_103, (db) => flip(db, 'streams', 'name', 'stream = 3')],
    ['a stream that lost its name', 2_103, (db) => db.exec('DELETE FROM streams WHERE stream = 3')],
    ['an event that its index does not lead to', 40, (db) => db.exec('DELETE FROM revisions WHERE position = 40')],
    ['an index that leads astray', 41, (db) => db.exec('UPDATE revisions SET position = 42 WHERE position = 41')],
    ['a command that is not found', 43, (db) => db.exec('DELETE FROM commands WHERE position = 43')],
    ['an index that goes too far', 2_102, (db) => db.exec('UPDATE filed SET position = 2104')],
    ['an index that does not say how far it goes', 0, (db) => db.exec('DELETE FROM filed')],
    ['a count that fell back', 2_101, (db) => db.exec('UPDATE sqlite_sequence SET seq = 2100')],
    ['a count that ran ahead', 2_105, (db) => db.exec('UPDATE sqlite_sequence SET seq = 2200')],
  ])('OP43 finds %s, at %i', async (_, position, spoil) => {
    const { faults } = await spoilt(spoil)
    expect(faults.map((fault) => fault.position)).toContain(position)
  })

  it('OP43 passes a damaged page and goes on behind it', async () => {
    const file = whole()
    const bytes = readFileSync(file)
    const at = bytes.indexOf(uuidAt(700).replaceAll('-', ''), 0, 'hex')
    const page = at - (at % PAGE)
    writeFileSync(file, bytes.fill(0xff, page, page + 64))
    const { faults } = await checkLog(file)
    expect(faults[0]).toMatchObject({ reason: 'the file is damaged there' })
    expect(Math.abs((faults[0]?.position ?? 0) - 701)).toBeLessThan(100)
    const far = faults.filter(({ position }) => position > 0 && Math.abs(position - 701) > 200)
    expect(far).toEqual([])
  })

  it.each([0.5, 0.99])('OP43 says that a file was cut, here to %d of its length', async (part) => {
    const file = whole()
    truncateSync(file, Math.floor((template.length / PAGE) * part) * PAGE)
    await expect(checkLog(file)).rejects.toThrow('is damaged')
  })
})

it('OP45 a restored log has another id, and its events as they were', () => {
  const file = whole()
  const before = openLogReader(file).readAll(0, 5_000)
  expect(renameLog(file, () => 'log-2')).toBe('log-2')
  const reader = openLogReader(file)
  expect(reader.log).toBe('log-2')
  expect(reader.readAll(0, 5_000)).toEqual(before)
})

it('OP43 a reader that holds a moment sees nothing of what comes later', () => {
  const file = whole()
  const writer = openLogWriter({ file, newLogId: () => 'log-1' })
  const reader = openLogReader(file)
  reader.hold()
  writer.stage(parcelOf([readingAt(1), 1, eventsAt(6_000)]))
  writer.commit()
  expect(reader.head()).toBe(2_104)
  expect(reader.streams('conversation')).toEqual([streamAt(1), streamAt(2)])
  expect(reader.last(readingAt(1))?.position).toBe(2_102)
  expect(reader.readAll(2_100, 10).map(({ position }) => position)).toEqual([2_102, 2_103, 2_104])
  reader.close()
  writer.close()
})
