import { copyFileSync, statSync, writeFileSync } from 'node:fs'
import { tea } from '@verbatim/protocol/examples'
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { freshFile, handLog, saidStore } from '../projector.examples.ts'
import { inMemory } from './sqlite-file.ts'
import { modelReader, openModelReader } from './sqlite-reader.ts'
import { sqliteStore } from './sqlite-store.ts'

const { say } = handLog()
const events = ['one', 'two', 'three'].map((text) => ({ event: say(text), text }))
const steps = events.map(({ event, text }) => ({ event, writes: [{ ...event, text }] }))
const rowsIn = (file: string, table = 'said'): unknown[] => {
  const db = new Database(file, { readonly: true })
  const rows = db.prepare(`SELECT * FROM ${table}`).all()
  db.close()
  return rows
}

it('PJ1 a batch that fails in the middle leaves neither a row nor a position.', async () => {
  const file = freshFile()
  const store = saidStore(file)
  const twice = [...steps.slice(0, 2), { event: say('four'), writes: [{ ...say('one'), text: 'one' }] }]
  await expect(store.apply(twice, 'log')).rejects.toThrow('UNIQUE')
  expect(rowsIn(file)).toEqual([])
  expect(await store.progress()).toEqual({ position: 0, log: undefined })
  await store.apply(steps, 'log')
  expect(await store.progress()).toEqual({ position: 3, log: 'log' })
  await store.close()
})

it('PJ1 whoever looks at the moment of a commit sees its rows and its position.', async () => {
  const file = freshFile()
  const store = saidStore(file)
  const applying = store.apply(steps, 'log')
  // In the same turn: nothing but that commit has happened.
  expect(rowsIn(file)).toHaveLength(3)
  expect(rowsIn(file, 'meta')).toContainEqual({ key: 'position', value: 3 })
  await applying
  await store.close()
})

it('PJ16 a model in memory is read through the connection that writes it.', async () => {
  const db = inMemory()
  const store = saidStore(db)
  const reader = modelReader(db)
  await store.apply(steps, 'log')
  expect(reader.read(() => db.prepare('SELECT * FROM said').all().length)).toEqual({ position: 3, value: 3 })
  await store.close()
})

it('PJ1 what a kill leaves between the writes and the position is neither.', async () => {
  const file = freshFile()
  const store = saidStore(file)
  await store.apply(steps.slice(0, 1), 'log')
  const dying = new Database(file)
  dying.pragma('cache_size = 1')
  dying.exec(`BEGIN IMMEDIATE; INSERT INTO said VALUES ('${tea}', 1, 'half')`)
  // Enough that its pages reach the write-ahead log before any commit.
  const put = dying.prepare('INSERT INTO said VALUES (?, ?, ?)')
  for (let n = 0; n < 500; n++) put.run(tea, n, `${n} ${'x'.repeat(200)}`)
  const left = freshFile()
  for (const suffix of ['', '-wal']) copyFileSync(`${file}${suffix}`, `${left}${suffix}`)
  expect(statSync(`${left}-wal`).size).toBeGreaterThan(100_000)
  dying.close()
  await store.close()
  const again = saidStore(left)
  expect(rowsIn(left)).toHaveLength(1)
  expect(await again.progress()).toEqual({ position: 1, log: 'log' })
  await again.apply(steps, 'log')
  expect(rowsIn(left)).toHaveLength(3)
  await again.close()
})

it('PJ2 events at or before the position change nothing.', async () => {
  const file = freshFile()
  const store = saidStore(file)
  await store.apply(steps.slice(0, 2), 'log')
  await store.apply(steps.slice(0, 1), 'log')
  expect(await store.progress()).toEqual({ position: 2, log: 'log' })
  await store.apply(steps, 'log')
  expect(rowsIn(file)).toHaveLength(3)
  await store.close()
})

it('PJ4 the first reason of a failed event is kept, whatever is delivered again.', async () => {
  const store = saidStore(freshFile())
  const [first, second] = events
  if (!first || !second) throw new Error('no events')
  await store.apply([{ event: first.event, parked: 'broken' }], 'log')
  await store.apply(
    [
      { event: first.event, parked: null },
      { event: second.event, parked: null },
    ],
    'log',
  )
  expect(await store.parked()).toMatchObject([{ position: 1, reason: 'broken', waiting: 1 }])
  expect(await store.parkedEvents(first.event.stream)).toEqual([
    { stream: first.event.stream, revision: 0, position: 1 },
    { stream: first.event.stream, revision: 1, position: 2 },
  ])
  await store.close()
})

it('PJ6 an event that is no longer set aside is not applied a second time.', async () => {
  const file = freshFile()
  const store = saidStore(file)
  const [first] = steps
  if (!first) throw new Error('no steps')
  await store.apply([{ event: first.event, parked: 'broken' }], 'log')
  await store.settle([first])
  await store.settle([first])
  expect(rowsIn(file)).toHaveLength(1)
  expect(rowsIn(file, 'parked')).toEqual([])
  expect(await store.progress()).toMatchObject({ position: 1 })
  await store.close()
})

it('PJ10 an emptied model is as a new one, its virtual tables too.', async () => {
  const file = freshFile()
  const store = sqliteStore<string>(file, {
    schema: 'CREATE VIRTUAL TABLE said USING fts5(text); CREATE TABLE plain (text TEXT) STRICT;',
    writer(db) {
      const put = db.prepare('INSERT INTO said (text) VALUES (?)')
      return { write: (text) => put.run(text) }
    },
  })
  const [first, second] = events
  if (!first || !second) throw new Error('no events')
  await store.apply([{ event: first.event, writes: ['one'] }], 'log')
  await store.apply([{ event: second.event, parked: 'broken' }], 'log')
  await store.clear()
  expect(rowsIn(file)).toEqual([])
  expect(await store.parked()).toEqual([])
  expect(await store.progress()).toEqual({ position: 0, log: undefined })
  await store.apply([{ event: first.event, writes: ['again'] }], 'other')
  expect(rowsIn(file)).toEqual([{ text: 'again' }])
  await store.close()
})

it('PJ10 a model whose tables were made otherwise is made again.', async () => {
  const file = freshFile()
  const old = sqliteStore<string>(file, {
    schema: 'CREATE TABLE old (text TEXT) STRICT',
    writer: (db) => ({ write: (text) => db.prepare('INSERT INTO old VALUES (?)').run(text) }),
  })
  const [first] = events
  if (!first) throw new Error('no events')
  await old.apply([{ event: first.event, writes: ['old'] }], 'log')
  await old.close()
  const store = saidStore(file)
  expect(await store.progress()).toEqual({ position: 0, log: undefined })
  await store.apply(steps, 'log')
  expect(rowsIn(file)).toHaveLength(3)
  await store.close()
})

it('PJ11 only what the event is to blame for is blamed on it.', async () => {
  const file = freshFile()
  const store = saidStore(file)
  await store.close()
  await expect(store.apply(steps, 'log')).rejects.toThrow('not open')
  const open = saidStore(file)
  const other = new Database(file)
  other.exec('BEGIN IMMEDIATE')
  await expect(open.apply(steps, 'log')).rejects.toMatchObject({ name: 'StoreUnavailable' })
  other.exec('ROLLBACK')
  other.close()
  await open.apply(steps, 'log')
  await open.close()
})

it('PJ14 the file is its owner’s alone, and so is its write-ahead log.', async () => {
  const file = freshFile()
  const store = saidStore(file)
  await store.apply(steps, 'log')
  for (const suffix of ['', '-wal', '-shm']) expect(statSync(`${file}${suffix}`).mode & 0o777).toBe(0o600)
  await store.close()
})

it('PJ14 a file that is no database is made again.', async () => {
  const file = freshFile()
  writeFileSync(file, 'not a database, but long enough to look like the header of one'.repeat(100))
  const store = saidStore(file)
  expect(await store.progress()).toEqual({ position: 0, log: undefined })
  await store.apply(steps, 'log')
  expect(rowsIn(file)).toHaveLength(3)
  await store.close()
})

it('PJ16 a reader waits until the model is made.', async () => {
  const file = freshFile()
  const opening = openModelReader(file, 2_000)
  await new Promise((resolve) => setTimeout(resolve, 30))
  const store = saidStore(file)
  const reader = await opening
  expect(reader.position()).toBe(0)
  await store.apply(steps, 'log')
  expect(reader.position()).toBe(3)
  reader.close()
  await store.close()
})

it('PJ16 a reader gives up on a model that is never made.', async () => {
  await expect(openModelReader(freshFile(), 30)).rejects.toThrow('was not made within 30 ms')
})

it('PJ16 what is read and its position are of one moment.', async () => {
  const file = freshFile()
  const store = saidStore(file)
  await store.apply(steps.slice(0, 1), 'log')
  const reader = await openModelReader(file)
  const count = reader.db.prepare<[], number>('SELECT count(*) FROM said').pluck()
  const seen = reader.read(() => {
    const before = count.get()
    // Commits while the reading is open: it must not be seen.
    const writer = new Database(file)
    writer.exec(`INSERT INTO said VALUES ('${tea}', 9, 'meanwhile'); UPDATE meta SET value = 9 WHERE key = 'position'`)
    writer.close()
    return [before, count.get()]
  })
  expect(seen).toEqual({ position: 1, value: [1, 1] })
  expect(reader.read(() => count.get())).toEqual({ position: 9, value: 2 })
  reader.close()
  await store.close()
})
