import { readFileSync, writeFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { eventAt, eventsAt, streamAt, uuidAt } from '../event-log.examples.ts'
import { CorruptEvent, NO_STREAM, type Recorded } from '../port.ts'
import { checksumOf } from './row.ts'
import { freshFile, parcelOf, writerWith } from './sqlite.rig.ts'
import { openLogReader } from './sqlite-reader.ts'
import { openLogWriter } from './sqlite-writer.ts'

const stream = streamAt(1)
const whole = eventAt(2, { causedBy: uuidAt(1), trace: '00-trace-01' })

/** A closed log of three events and one of another stream, after `spoil`. */
const spoilt = (spoil: (db: Database.Database) => void) => {
  const file = freshFile()
  const writer = writerWith(file, stream, [eventAt(1), whole, eventAt(3)])
  writer.stage(parcelOf([streamAt(2), NO_STREAM, eventsAt(4)]))
  writer.commit()
  writer.close()
  const db = new Database(file)
  spoil(db)
  db.close()
  return openLogReader(file)
}

describe('a flipped bit', () => {
  const columns = [
    'position',
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
  ]
  it.each(columns)('EL8 in the %s of an event is found, and its position named', (column) => {
    const reader = spoilt((db) => flip(db, 'events', column, 'position = 2'))
    const position = column === 'position' ? 66 : 2
    const error = caught(() => reader.readAll(0, 10))
    expect(error).toBeInstanceOf(CorruptEvent)
    expect(error).toMatchObject({ position })
    expect(reader.readAll(0, 1).map(({ id }) => id)).toEqual([uuidAt(1)])
  })

  it('EL8 in the name of a stream is found', () => {
    const reader = spoilt((db) => flip(db, 'streams', 'name', 'stream = 1'))
    expect(caught(() => reader.readAll(0, 10))).toMatchObject({ name: 'CorruptEvent', position: 1 })
    expect(reader.readAll(3, 10)).toHaveLength(1)
  })

  it('EL8 is found by every way to read', () => {
    const reader = spoilt((db) => flip(db, 'events', 'data', 'position = 3'))
    const { id, command } = eventAt(3)
    for (const read of [
      () => reader.read(stream, 0, 10),
      () => reader.last(stream),
      () => reader.find(stream, id, command),
    ])
      expect(caught(read)).toMatchObject({ name: 'CorruptEvent', position: 3, stream })
    expect(reader.read(stream, 0, 2)).toHaveLength(2)
  })

  it('EL8 anywhere in the file never gives an event that was not written so', () => {
    const file = freshFile()
    const events = Array.from({ length: 300 }, (_, n) => eventAt(n))
    writerWith(file, stream, events).close()
    const sound = readFileSync(file)
    const all = openLogReader(file).readAll(0, 500)
    fc.assert(
      fc.property(fc.nat(sound.length - 1), fc.nat(7), (at, bit) => {
        const broken = Buffer.from(sound)
        broken[at] = (broken[at] ?? 0) ^ (1 << bit)
        writeFileSync(file, broken)
        for (const event of readWhatCan(file)) expect(event).toEqual(all[event.position - 1])
      }),
      { seed: 4, numRuns: 60 },
    )
  })
})

describe('a damaged file', () => {
  it('EL8 whose end is garbled gives what is before, and names where it breaks off', () => {
    const file = freshFile()
    const events = Array.from({ length: 1_500 }, (_, n) => eventAt(n))
    writerWith(file, stream, events).close()
    writeFileSync(file, garbledFrom(readFileSync(file), 300 * 1_024))
    const reader = openLogReader(file)
    const error = caught(() => reader.readAll(0, 2_000))
    expect(error).toBeInstanceOf(CorruptEvent)
    const breaks = error instanceof CorruptEvent ? error.position : 0
    expect(breaks).toBeGreaterThan(1)
    expect(reader.readAll(0, breaks - 1)).toHaveLength(breaks - 1)
  })

  it('EL8 whose end is missing, or whose beginning is garbled, is not opened', () => {
    const file = freshFile()
    writerWith(
      file,
      stream,
      Array.from({ length: 1_500 }, (_, n) => eventAt(n)),
    ).close()
    const sound = readFileSync(file)
    for (const broken of [sound.subarray(0, 300 * 1_024), garbledFrom(sound, 0)]) {
      writeFileSync(file, broken)
      for (const open of [() => openLogReader(file), () => openLogWriter({ file, newLogId: () => 'log-2' })])
        expect(open).toThrow(`the log ${file} is damaged`)
    }
  })

  it('EL8 whose WAL is cut anywhere gives whole commits from the start, and nothing else', () => {
    const file = freshFile()
    const writer = openLogWriter({ file, newLogId: () => 'log-1' })
    for (let n = 0; n < 12; n += 2) {
      writer.stage(parcelOf([stream, n - 1, eventsAt(n, n + 1)]))
      writer.commit()
    }
    const [main, wal] = [readFileSync(file), readFileSync(`${file}-wal`)]
    fc.assert(
      fc.property(fc.nat(wal.length), fc.boolean(), (length, garble) => {
        const copy = freshFile()
        writeFileSync(copy, main)
        writeFileSync(`${copy}-wal`, garble ? garbledFrom(wal, length) : wal.subarray(0, length))
        const survivor = openLogWriter({ file: copy, newLogId: () => 'log-2' })
        const events = openLogReader(copy).readAll(0, 100)
        expect(events.length % 2).toBe(0)
        expect(events.map(({ id }) => id)).toEqual(Array.from(events, (_, n) => uuidAt(n)))
        expect(survivor.head()).toBe(events.length)
        survivor.close()
      }),
      { seed: 4, numRuns: 60 },
    )
  })

  it('EL8 that lost a row in the middle of a stream does not give the rest as if it were all', () => {
    const reader = spoilt((db) => db.exec('DELETE FROM events WHERE position = 2'))
    expect(caught(() => reader.read(stream, 0, 10))).toMatchObject({ name: 'CorruptEvent', position: 3 })
  })
})

it('EL8 sums up an event today as on the first day', () => {
  const header = {
    ...whole,
    stream,
    revision: 1,
    position: 2,
    causedBy: whole.causedBy ?? null,
  }
  expect(checksumOf(header, '00-trace-01', whole.json)).toBe(2_555_083_070)
  expect(checksumOf({ ...header, causedBy: null }, null, whole.json)).toBe(4_094_205_129)
})

const flip = (db: Database.Database, table: string, column: string, where: string): void => {
  const value = db.prepare(`SELECT ${column} FROM ${table} WHERE ${where}`).pluck().get()
  db.prepare(`UPDATE ${table} SET ${column} = ? WHERE ${where}`).run(flipped(value))
}

const flipped = (value: unknown): unknown => {
  if (typeof value === 'number') return value ^ 64
  const bytes = Buffer.from(value as string | Buffer)
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
  return typeof value === 'string' ? bytes.toString() : bytes
}

const garbledFrom = (bytes: Buffer, at: number): Buffer => Buffer.from(bytes).fill(0xa5, at)

const caught = (act: () => unknown): unknown => {
  try {
    act()
  } catch (error) {
    return error
  }
  throw new Error('nothing was refused')
}

/** Page by page, past what is refused. */
const readWhatCan = (file: string): Recorded[] => {
  const events: Recorded[] = []
  try {
    const reader = openLogReader(file)
    for (let after = 0; after < 300; after += 10) {
      try {
        events.push(...reader.readAll(after, 10))
      } catch {}
    }
    reader.close()
  } catch {}
  return events
}
