import { asStreamName, isCompacted } from '@verbatim/protocol'
import type Database from 'better-sqlite3'
import { CorruptEvent, type Position, UpgradeNeeded } from '../port.ts'
import { COLUMNS, type Row, recordedOf } from './row.ts'
import { isDamaged, openForReading } from './sqlite-file.ts'

/** What is wrong with a log, and where; position 0 when it concerns no single event. */
export type LogFault = { readonly position: Position; readonly stream: string; readonly reason: string }
export type LogCheck = { readonly head: Position; readonly events: number; readonly faults: readonly LogFault[] }

const PAGE = 1_000
/** Faults after which no more are looked for: what they are about is a ruin. */
const ENOUGH = 1_000

/**
 * Walks a whole log: the checksum of each event, the revisions of each stream, whether events are missing that no
 * compaction took, and whether the indexes lead to each event and nowhere else. Reads one moment, beside a writer too.
 * @param onProgress hears after every thousand events
 * @throws when the file is damaged where everything begins
 */
export const checkLog = async (
  file: string,
  onProgress: (done: Position, head: Position) => void = () => undefined,
): Promise<LogCheck> => {
  const { db } = openForReading(file)
  try {
    db.exec('BEGIN')
    const walk = new Walk(db)
    await walk.run(onProgress)
    return { head: walk.head, events: walk.events, faults: walk.faults }
  } finally {
    db.close()
  }
}

class Walk {
  readonly faults: LogFault[] = []
  readonly head: Position
  events = 0
  /** Position after which there surely is nothing. */
  readonly #end: Position
  readonly #sql: ReturnType<typeof statements>
  readonly #names: ReadonlyMap<number, string>
  /** Revision of the last event of each stream. */
  readonly #last = new Map<number, number>()
  #at: Position = 0
  /** The first position that is missing after what the indexes know. */
  #hole: Position | undefined

  constructor(db: Database.Database) {
    this.#sql = statements(db)
    this.head = this.#sql.sequence.get() ?? 0
    this.#end = Math.max(this.head, this.#greatest())
    this.#names = new Map(this.#sql.names.all())
  }

  async run(onProgress: (done: Position, head: Position) => void): Promise<void> {
    const filed = this.#sql.filed.get()
    if (filed === undefined) this.#find(0, '', 'nothing says how far its indexes are')
    for (let page = this.#page(); page.length > 0 && this.faults.length < ENOUGH; page = this.#page()) {
      for (const row of page) this.#see(row, filed ?? 0)
      onProgress(this.#at, this.head)
      await new Promise((resolve) => setImmediate(resolve))
    }
    this.#count()
    this.#indexes(filed ?? 0)
  }

  /** The next events that can be read; what lies on a damaged page is told and passed over. */
  #page(): Row[] {
    for (let limit = PAGE; this.#at <= this.#end; limit = 1) {
      try {
        return this.#sql.after.all(this.#at, limit)
      } catch (error) {
        if (!isDamaged(error)) throw error
        if (limit > 1) continue
        this.#find(this.#at + 1, '?', 'the file is damaged there')
        this.#pass()
      }
    }
    return []
  }

  #greatest(): Position {
    try {
      return this.#sql.greatest.get() ?? 0
    } catch (error) {
      if (!isDamaged(error)) throw error
      return 0
    }
  }

  #pass(): void {
    for (let step = 1; this.#at <= this.#end; step *= 2) {
      this.#at += step
      try {
        this.#sql.after.all(this.#at, 1)
        return
      } catch (error) {
        if (!isDamaged(error)) throw error
      }
    }
  }

  #see(row: Row, filed: Position): void {
    const [position, revision] = row
    const stream = row[14]
    const name = this.#names.get(stream)
    if (position !== this.#at + 1 && position > filed) this.#hole ??= this.#at + 1
    this.#at = position
    this.events++
    try {
      recordedOf(row, name)
    } catch (error) {
      if (error instanceof CorruptEvent) this.#find(position, name ?? '?', 'its checksum does not match')
      else if (error instanceof UpgradeNeeded) this.#find(position, name ?? '?', error.message)
      else this.#find(position, name ?? '?', `it cannot be read: ${error instanceof Error ? error.message : error}`)
    }
    const before = this.#last.get(stream) ?? -1
    const isExpected =
      name !== undefined && isCompacted(asStreamName(name)) ? revision > before : revision === before + 1
    if (!isExpected) this.#find(position, name ?? '?', `its revision is ${revision} and that before it ${before}`)
    this.#last.set(stream, Math.max(before, revision))
  }

  /** A compacted stream keeps its last event, whose revision tells how many it had; nothing else may be missing. */
  #count(): void {
    const missing = this.head - this.events
    let compacted = 0
    for (const [stream, last] of this.#last)
      if (isCompacted(asStreamName(this.#names.get(stream) ?? ''))) compacted += last
    if (this.#at < this.head)
      this.#find(this.#at + 1, '?', `the last events are missing: the log counted to ${this.head}`)
    else if (missing !== compacted && this.faults.length === 0)
      this.#find(this.#hole ?? 0, '?', `${missing - compacted} events are missing that were not compacted`)
  }

  #indexes(filed: Position): void {
    for (const table of ['revisions', 'commands'] as const) {
      try {
        for (const [position, stream] of this.#sql[table].unlisted.all(filed))
          this.#find(position, this.#names.get(stream) ?? '?', `the index of ${table} does not lead to it`)
        for (const [position, stream] of this.#sql[table].astray.all()) {
          const name = this.#names.get(stream) ?? '?'
          // What was compacted lately still has its entry.
          if (!isCompacted(asStreamName(name)))
            this.#find(position, name, `the index of ${table} leads to no such event`)
        }
      } catch (error) {
        if (!isDamaged(error)) throw error
        this.#find(0, '', `the index of ${table} cannot be walked: the file is damaged`)
      }
    }
  }

  #find(position: Position, stream: string, reason: string): void {
    if (this.faults.length < ENOUGH) this.faults.push({ position, stream, reason })
  }
}

const statements = (db: Database.Database) => {
  const index = (table: string, key: string) => ({
    unlisted: db
      .prepare<[number], [position: number, stream: number]>(
        `SELECT e.position, e.stream FROM events e WHERE e.position <= ? AND NOT EXISTS (
           SELECT 1 FROM ${table} i WHERE i.stream = e.stream AND i.${key} = e.${key} AND i.position = e.position
         ) LIMIT ${ENOUGH}`,
      )
      .raw(),
    astray: db
      .prepare<[], [position: number, stream: number]>(
        `SELECT i.position, i.stream FROM ${table} i LEFT JOIN events e ON e.position = i.position
         WHERE e.position IS NULL OR e.stream <> i.stream OR e.${key} <> i.${key} LIMIT ${ENOUGH}`,
      )
      .raw(),
  })
  return {
    sequence: db.prepare<[], number>("SELECT seq FROM sqlite_sequence WHERE name = 'events'").pluck(),
    greatest: db.prepare<[], number | null>('SELECT max(position) FROM events').pluck(),
    names: db.prepare<[], [stream: number, name: string]>('SELECT stream, name FROM streams').raw(),
    filed: db.prepare<[], number>('SELECT position FROM filed').pluck(),
    after: db
      .prepare<[number, number], Row>(
        `SELECT ${COLUMNS} FROM events e WHERE e.position > ? ORDER BY e.position LIMIT ?`,
      )
      .raw(),
    revisions: index('revisions', 'revision'),
    commands: index('commands', 'command'),
  }
}
