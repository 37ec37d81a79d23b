import type { StreamName } from '@verbatim/protocol'
import type Database from 'better-sqlite3'
import { encode } from '../codec.ts'
import type { Position } from '../port.ts'
import { checkpoints } from './checkpoints.ts'
import { type Head, Heads } from './heads.ts'
import { conflictAt, eventAt, FIELDS, type PackedEvent, type Parcel, type Results } from './parcel.ts'
import { checksumOf } from './row.ts'
import { closedOnFailure, openForWriting } from './sqlite-file.ts'
import { type WriterStatements, writerStatements } from './writer-statements.ts'

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
  /**
   * Moves what is committed to where it stays, once enough has gathered; false when that failed and is to be tried again.
   * @throws when what was moved cannot be synced: nothing may be written behind it
   */
  checkpoint(): boolean
  close(): void
}

/**
 * @param file path of log.db, made with mode 0600 when it is not there
 * @param newLogId names a log that is made now
 * @throws when SQLite is too old, or the file is no log or one of a later version
 */
export const openLogWriter = ({ file, newLogId }: { file: string; newLogId: () => string }): LogWriter => {
  const { db, log } = openForWriting(file, newLogId)
  return closedOnFailure(db, () => logWriterOn(db, log))
}

export const logWriterOn = (db: Database.Database, log: string): LogWriter => new SqliteLogWriter(db, log)

/** Events that wait for the indexes. Filed together they share pages; alone, each would write two of its own. */
const UNFILED = 2_048

class SqliteLogWriter implements LogWriter {
  readonly #sql: WriterStatements
  readonly #heads: Heads
  readonly #checkpoints: ReturnType<typeof checkpoints>
  #committed: Position = 0
  #position: Position = 0

  constructor(
    private readonly db: Database.Database,
    readonly log: string,
  ) {
    this.#sql = writerStatements(db)
    this.#heads = new Heads(this.#sql)
    this.#checkpoints = checkpoints(db)
    this.#recall()
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
    if (!this.db.inTransaction) return
    const files = this.#position - this.#heads.filed >= UNFILED
    if (files) this.#heads.file(this.#position)
    this.#sql.commit.run()
    this.#committed = this.#position
    if (files) this.#heads.wasFiled(this.#position)
  }

  rollback(): void {
    // After some errors SQLite has rolled back by itself.
    if (this.db.inTransaction) this.#sql.rollback.run()
    this.#recall()
  }

  checkpoint(): boolean {
    return this.#checkpoints.runWhenDue()
  }

  close(): void {
    if (this.db.open) this.db.close()
  }

  #append(name: StreamName, expected: number, parcel: Parcel, from: number, end: number): number {
    const known = this.#heads.of(name)
    if ((known?.revision ?? -1) !== expected) return conflictAt(known?.revision ?? -1)
    const head = known ?? this.#heads.begin(name)
    const before = head.position
    const first = this.#position + 1
    for (let at = from; at < end; at += FIELDS) {
      if (this.#insert(name, head, eventAt(parcel, at))) continue
      for (let undone = from; undone < at; undone += FIELDS) this.#heads.forget(eventAt(parcel, undone).id)
      this.#undo(head, expected, before, first)
      return conflictAt(expected)
    }
    if (head.compacted) this.#compact(head, before, first)
    return first
  }

  /** False when the stream has an event of that id already. */
  #insert(name: StreamName, head: Head, event: PackedEvent): boolean {
    const { id, type, schema, actor, session, command, causedBy, digest, at, trace, json } = event
    if (this.#heads.has(head, id, command)) return false
    const position = ++this.#position
    const revision = head.revision + 1
    const data = encode(json)
    const sum = checksumOf(
      { position, stream: name, revision, id, type, schema, actor, session, command, causedBy, digest, at },
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
      at,
      trace,
      data,
      sum,
    )
    this.#heads.note(head, { position, revision, command, id })
    return true
  }

  #undo(head: Head, revision: number, position: Position, first: Position): void {
    this.#sql.undo.run(first)
    this.#position = first - 1
    // Nobody has seen those positions: after a restart the head must be an event's again.
    this.#sql.lastWas.run(this.#position)
    head.revision = revision
    head.position = position
  }

  #compact(head: Head, before: Position, first: Position): void {
    this.#sql.drop.run(before, before)
    if (first < head.position) this.#sql.drop.run(first, head.position - 1)
  }

  #recall(): void {
    this.#committed = this.#position = this.#sql.lastPosition.get() ?? 0
    this.#heads.recall()
  }
}
