import Database from 'better-sqlite3'
import { afterEach, describe, expect, it } from 'vitest'
import { CHECKPOINT_AT, checkpoints } from './checkpoints.ts'
import { freshFile } from './sqlite.rig.ts'
import { openForWriting } from './sqlite-file.ts'

const open: Database.Database[] = []
afterEach(() => {
  for (const db of open.splice(0)) db.close()
})

describe('A checkpoint', () => {
  /** A log that counts the syncs of its file, and a way to fill its WAL with so many pages. */
  const logWith = (sync: () => void) => {
    const { db } = openForWriting(freshFile(), () => 'log-1')
    open.push(db)
    const put = db.prepare('INSERT INTO meta VALUES (?, ?)')
    let pages = 0
    const write = (count: number): void => {
      for (let page = 0; page < count; page++) put.run(`page ${++pages}`, 'x')
    }
    const inWal = () => db.prepare<[], { log: number; checkpointed: number }>('PRAGMA wal_checkpoint(NOOP)').get()
    return { db, write, inWal, ...checkpoints(db, sync) }
  }
  const reading = ({ name }: Database.Database): { end(): void } => {
    const reader = new Database(name, { readonly: true })
    open.push(reader)
    reader.exec('BEGIN; SELECT count(*) FROM meta')
    return { end: () => reader.exec('COMMIT') }
  }

  it('EL22 waits for a thousand pages, moves all of them, and leaves the syncing to SQLite', () => {
    let syncs = 0
    const { runWhenDue, write, inWal } = logWith(() => syncs++)
    write(CHECKPOINT_AT - 20)
    expect(runWhenDue()).toBe(true)
    expect(inWal()?.checkpointed).toBe(0)
    write(20)
    expect(runWhenDue()).toBe(true)
    expect(inWal()?.checkpointed).toBe(inWal()?.log)
    expect(syncs).toBe(0)
  })

  it('EL22 that a reader stops half-way syncs what it has moved, once, and moves the rest when nobody reads', () => {
    let syncs = 0
    const { db, runWhenDue, write, inWal } = logWith(() => syncs++)
    write(CHECKPOINT_AT - 20)
    const reader = reading(db)
    write(20)
    expect(runWhenDue()).toBe(true)
    const half = inWal()
    expect(half?.checkpointed).toBeGreaterThan(0)
    expect(half?.checkpointed).toBeLessThan(half?.log ?? 0)
    write(1)
    expect(runWhenDue()).toBe(true)
    expect(syncs).toBe(1)
    reader.end()
    expect(runWhenDue()).toBe(true)
    expect(inWal()?.checkpointed).toBe(inWal()?.log)
    expect(syncs).toBe(1)
  })

  it('EL22 whose half cannot be synced says so, so that nothing is written behind it', () => {
    const { db, runWhenDue, write } = logWith(() => {
      throw new Error('EIO')
    })
    write(CHECKPOINT_AT - 20)
    reading(db)
    write(20)
    expect(runWhenDue).toThrow('EIO')
  })

  it('EL22 that fails is told, and tried anew', () => {
    const { db, runWhenDue, write, inWal } = logWith(() => undefined)
    write(CHECKPOINT_AT)
    db.exec('BEGIN IMMEDIATE')
    expect(runWhenDue()).toBe(false)
    db.exec('COMMIT')
    expect(inWal()?.checkpointed).toBe(0)
    expect(runWhenDue()).toBe(true)
    expect(inWal()?.checkpointed).toBe(inWal()?.log)
  })
})
