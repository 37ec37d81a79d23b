import { asStreamName, isCompacted, type StreamName } from '@verbatim/protocol'
import type Database from 'better-sqlite3'
import { encode } from '../codec.ts'
import type { Position } from '../port.ts'
import { conflictAt, eventAt, FIELDS, type Parcel, type Results } from './parcel.ts'
import { Recent } from './recent.ts'
import { checksumOf, uuidOf } from './row.ts'
import { openForWriting } from './sqlite-file.ts'
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
  close(): void
}

/**
 * @param file path of log.db, made with mode 0600 when it is not there
 * @param newLogId names a log that is made now
 * @throws when SQLite is too old, or the file is no log or one of a later version
 */
export const openLogWriter = ({ file, newLogId }: { file: string; newLogId: () => string }): LogWriter => {
  const { db, log } = openForWriting(file, newLogId)
  return logWriterOn(db, log)
}

export const logWriterOn = (db: Database.Database, log: string): LogWriter => new SqliteLogWriter(db, log)

/** What is known of a stream without asking. */
type Head = {
  readonly stream: number
  readonly compacted: boolean
  /** Revision and position of its last event; -1 and 0 for none. */
  revision: number
  position: Position
  /** Its greatest command, and the greatest of those that are filed. */
  command: string
  filed: string
}

/** Streams whose heads are kept in memory, at some 300 bytes each. */
const HEADS = 10_000
/** Events that wait for the indexes. Filed together they share pages; alone, each would write two of its own. */
const UNFILED = 2_048

class SqliteLogWriter implements LogWriter {
  readonly #heads = new Recent<string, Head>(HEADS)
  /** Streams that have unfiled events, and the ids of those. */
  readonly #unfiled = new Map<number, Head>()
  readonly #ids = new Set<string>()
  readonly #sql: WriterStatements
  #committed: Position = 0
  #position: Position = 0
  #filed: Position = 0

  constructor(
    private readonly db: Database.Database,
    readonly log: string,
  ) {
    this.#sql = writerStatements(db)
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
    const files = this.#position - this.#filed >= UNFILED
    if (files) this.#file()
    this.#sql.commit.run()
    this.#committed = this.#position
    if (files) this.#forgetUnfiled()
  }

  rollback(): void {
    // After some errors SQLite has rolled back by itself.
    if (this.db.inTransaction) this.#sql.rollback.run()
    this.#recall()
  }

  close(): void {
    if (this.db.open) this.db.close()
  }

  #append(name: StreamName, expected: number, parcel: Parcel, from: number, end: number): number {
    const known = this.#headOf(name)
    if ((known?.revision ?? -1) !== expected) return conflictAt(known?.revision ?? -1)
    const head = known ?? this.#begin(name)
    const before = head.position
    const first = this.#position + 1
    for (let at = from; at < end; at += FIELDS) {
      if (this.#insert(name, head, parcel, at)) continue
      for (let undone = from; undone < at; undone += FIELDS) this.#ids.delete(eventAt(parcel, undone).id)
      this.#undo(head, expected, before, first)
      return conflictAt(expected)
    }
    if (head.compacted) this.#compact(head, before, first)
    return first
  }

  /** False when the stream has an event of that id already. */
  #insert(name: StreamName, head: Head, parcel: Parcel, at: number): boolean {
    const { id, type, schema, actor, session, command, causedBy, digest, at: time, trace, json } = eventAt(parcel, at)
    const { stream } = head
    if (this.#ids.has(id) && this.#sql.hasUnfiled.get(this.#filed, stream, id)) return false
    // An id is made of its command: under a greater one than all that are filed, it cannot be among them.
    if (command <= head.filed && this.#sql.hasFiled.get(stream, command, id)) return false
    const position = ++this.#position
    const revision = head.revision + 1
    const data = encode(json)
    const sum = checksumOf(
      { position, stream: name, revision, id, type, schema, actor, session, command, causedBy, digest, at: time },
      trace,
      data,
    )
    this.#sql.insert.run(
      position,
      stream,
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
    this.#note(head, { position, revision, command, id })
    return true
  }

  /** The newest event of a stream, which is not filed yet. */
  #note(head: Head, event: { position: Position; revision: number; command: string; id: string }): void {
    head.position = event.position
    head.revision = event.revision
    if (event.command > head.command) head.command = event.command
    this.#ids.add(event.id)
    this.#unfiled.set(head.stream, head)
  }

  #undo(head: Head, revision: number, position: Position, first: Position): void {
    this.#sql.undo.run(first)
    this.#position = first - 1
    head.revision = revision
    head.position = position
  }

  #compact(head: Head, before: Position, first: Position): void {
    this.#sql.drop.run(before, before)
    if (first < head.position) this.#sql.drop.run(first, head.position - 1)
  }

  #headOf(name: StreamName): Head | undefined {
    const cached = this.#heads.get(name)
    if (cached) return cached
    const stream = this.#sql.stream.get(name)
    return stream === undefined
      ? undefined
      : this.#keep(name, this.#unfiled.get(stream) ?? this.#filedHead(name, stream))
  }

  #filedHead(name: StreamName, stream: number): Head {
    const [revision, position] = this.#sql.lastFiled.get(stream) ?? [-1, 0]
    const filed = this.#sql.greatestFiled.get(stream) ?? ''
    return { stream, compacted: isCompacted(name), revision, position, command: filed, filed }
  }

  #begin(name: StreamName): Head {
    const stream = Number(this.#sql.begun.run(name).lastInsertRowid)
    return this.#keep(name, { stream, compacted: isCompacted(name), revision: -1, position: 0, command: '', filed: '' })
  }

  #keep(name: string, head: Head): Head {
    this.#heads.set(name, head)
    return head
  }

  /** In the transaction of the events, so that a crash leaves both or neither. */
  #file(): void {
    for (const { stream, compacted, revision, position } of this.#unfiled.values()) {
      if (!compacted) continue
      this.#sql.unfileRevisions.run(stream, revision)
      this.#sql.unfileCommands.run(stream, position)
    }
    this.#sql.fileRevisions.run(this.#filed)
    this.#sql.fileCommands.run(this.#filed)
    this.#sql.file.run(this.#position)
  }

  #forgetUnfiled(): void {
    this.#filed = this.#committed
    for (const head of this.#unfiled.values()) head.filed = head.command
    this.#unfiled.clear()
    this.#ids.clear()
  }

  /** What is known, anew from the file: at the start, and when a transaction was undone. */
  #recall(): void {
    this.#heads.clear()
    this.#unfiled.clear()
    this.#ids.clear()
    this.#filed = this.#sql.filed.get() ?? 0
    this.#committed = this.#position = this.#sql.lastPosition.get() ?? 0
    for (const [position, stream, revision, command, id, name] of this.#sql.unfiled.all(this.#filed)) {
      const head = this.#unfiled.get(stream) ?? this.#keep(name, this.#filedHead(asStreamName(name), stream))
      this.#note(head, { position, revision, command, id: uuidOf(id) })
    }
  }
}
