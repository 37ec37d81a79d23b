import { isCompacted, type StreamName } from '@verbatim/protocol'
import type Database from 'better-sqlite3'
import { encode } from '../codec.ts'
import type { Position } from '../port.ts'
import { conflictAt, eventAt, FIELDS, type Parcel, type Results } from './parcel.ts'
import { Recent } from './recent.ts'
import { checksumOf } from './row.ts'
import { openForWriting } from './sqlite-file.ts'

/** Owns the file for writing. Synchronous: runs in a thread of its own, behind `serveLogWriter`. */
export interface LogWriter {
  readonly log: string
  /** Position of the last committed event. */
  head(): Position
  /**
   * Puts a parcel into the open transaction, or opens one. A conflict leaves no trace and does not undo its neighbours.
   * Nothing is true before `commit`.
   * @throws what SQLite threw; `rollback` then undoes every parcel since the last commit
   */
  stage(parcel: Parcel): Results
  /** Returns when everything staged is on disk. */
  commit(): void
  rollback(): void
  close(): void
}

/**
 * @param file path of log.db, made with mode 0600 when it is not there
 * @param newLogId names a log that is made now
 * @throws when SQLite is too old, or the file is no log or one of a later version
 */
export const openLogWriter = ({ file, newLogId }: { file: string; newLogId: () => string }): LogWriter => {
  const { db, log } = openForWriting(file, newLogId)
  return new SqliteLogWriter(db, log)
}

/** What is known of a stream without asking: its number, the revision of its last event, its greatest command. */
type Head = { readonly stream: number; revision: number; command: string }

/** Streams whose heads are kept in memory, at some 300 bytes each. */
const HEADS = 10_000

class SqliteLogWriter implements LogWriter {
  readonly #heads = new Recent<string, Head>(HEADS)
  readonly #sql: ReturnType<typeof statements>
  #committed: Position
  #position: Position

  constructor(
    private readonly db: Database.Database,
    readonly log: string,
  ) {
    this.#sql = statements(db)
    this.#committed = this.#position = this.#sql.lastPosition.get() ?? 0
  }

  head(): Position {
    return this.#committed
  }

  stage(parcel: Parcel): Results {
    if (!this.db.inTransaction) this.#sql.begin.run()
    let at = 0
    return parcel.streams.map((stream, append) => {
      const end = at + (parcel.counts[append] ?? 0) * FIELDS
      const result = this.#append(stream as StreamName, parcel.expected[append] ?? -1, parcel, at, end)
      at = end
      return result
    })
  }

  commit(): void {
    if (this.db.inTransaction) this.#sql.commit.run()
    this.#committed = this.#position
  }

  rollback(): void {
    // After some errors SQLite has rolled back by itself.
    if (this.db.inTransaction) this.#sql.rollback.run()
    this.#position = this.#committed
    this.#heads.clear()
  }

  close(): void {
    if (!this.db.open) return
    this.rollback()
    this.db.close()
  }

  #append(name: StreamName, expected: number, parcel: Parcel, from: number, end: number): number {
    const known = this.#headOf(name)
    const actual = known?.revision ?? -1
    if (actual !== expected) return conflictAt(actual)
    const head = known ?? this.#begin(name)
    const first = this.#position + 1
    for (let at = from; at < end; at += FIELDS) {
      if (!this.#insert(name, head, parcel, at)) {
        this.#undo(name, first)
        return conflictAt(actual)
      }
    }
    if (isCompacted(name)) this.#sql.compact.run(head.stream, head.revision)
    return first
  }

  /** False when the stream has an event of that id already. */
  #insert(name: StreamName, head: Head, parcel: Parcel, at: number): boolean {
    const { id, type, schema, actor, session, command, causedBy, digest, at: time, trace, json } = eventAt(parcel, at)
    // An id is made of its command: under a greater one than all before, it cannot have been here.
    if (command <= head.command) {
      if (this.#sql.has.get(head.stream, command, id) !== undefined) return false
    } else head.command = command
    const position = ++this.#position
    const revision = ++head.revision
    const data = encode(json)
    const sum = checksumOf(
      { position, stream: name, revision, id, type, schema, actor, session, command, causedBy, digest, at: time },
      trace,
      data,
    )
    this.#sql.insert.run(
      position,
      head.stream,
      revision,
      id,
      type,
      schema,
      actor,
      session,
      command,
      causedBy,
      digest,
      time,
      trace,
      data,
      sum,
    )
    return true
  }

  #undo(name: StreamName, first: Position): void {
    this.#sql.undo.run(first)
    this.#position = first - 1
    this.#heads.delete(name)
  }

  #headOf(name: StreamName): Head | undefined {
    const cached = this.#heads.get(name)
    if (cached) return cached
    const stream = this.#sql.stream.get(name)
    if (stream === undefined) return undefined
    const [revision, command] = this.#sql.head.get(stream, stream) ?? [null, null]
    return this.#keep(name, { stream, revision: revision ?? -1, command: command ?? '' })
  }

  #begin(name: StreamName): Head {
    const stream = Number(this.#sql.begun.run(name).lastInsertRowid)
    return this.#keep(name, { stream, revision: -1, command: '' })
  }

  #keep(name: StreamName, head: Head): Head {
    this.#heads.set(name, head)
    return head
  }
}

const statements = (db: Database.Database) => ({
  begin: db.prepare('BEGIN IMMEDIATE'),
  commit: db.prepare('COMMIT'),
  rollback: db.prepare('ROLLBACK'),
  lastPosition: db.prepare<[], number>("SELECT seq FROM sqlite_sequence WHERE name = 'events'").pluck(),
  stream: db.prepare<[string], number>('SELECT stream FROM streams WHERE name = ?').pluck(),
  begun: db.prepare<[string]>('INSERT INTO streams (name) VALUES (?)'),
  // Two one-row descents; max() of both in one statement would read the whole stream.
  head: db
    .prepare<[number, number], [number | null, string | null]>(
      'SELECT (SELECT max(revision) FROM events WHERE stream = ?), (SELECT max(command) FROM events WHERE stream = ?)',
    )
    .raw(),
  has: db
    .prepare<[number, string, string], number>(
      "SELECT 1 FROM events WHERE stream = ? AND command = ? AND id = unhex(?, '-')",
    )
    .pluck(),
  insert: db.prepare("INSERT INTO events VALUES (?, ?, ?, unhex(?, '-'), ?, ?, ?, ?, ?, unhex(?, '-'), ?, ?, ?, ?, ?)"),
  compact: db.prepare<[number, number]>('DELETE FROM events WHERE stream = ? AND revision < ?'),
  undo: db.prepare<[number]>('DELETE FROM events WHERE position >= ?'),
})
