import { asStreamName, isCompacted, type StreamName } from '@verbatim/protocol'
import type { Position } from '../port.ts'
import { Recent } from './recent.ts'
import { uuidOf } from './row.ts'
import type { WriterStatements } from './writer-statements.ts'

/** What the writer knows of a stream without asking. */
export type Head = {
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

/** The heads of the streams, staged events included, and which events the indexes do not have yet. */
export class Heads {
  readonly #recent = new Recent<string, Head>(HEADS)
  /** Streams that have unfiled events, and the ids of those. */
  readonly #unfiled = new Map<number, Head>()
  readonly #ids = new Set<string>()
  #filed: Position = 0

  constructor(private readonly sql: WriterStatements) {}

  /** Position up to which everything is in the indexes. */
  get filed(): Position {
    return this.#filed
  }

  of(name: StreamName): Head | undefined {
    const recent = this.#recent.get(name)
    if (recent) return recent
    const stream = this.sql.stream.get(name)
    return stream === undefined ? undefined : this.#keep(name, this.#unfiled.get(stream) ?? this.#load(name, stream))
  }

  begin(name: StreamName): Head {
    const stream = Number(this.sql.begun.run(name).lastInsertRowid)
    return this.#keep(name, { stream, compacted: isCompacted(name), revision: -1, position: 0, command: '', filed: '' })
  }

  /** Whether the stream has an event of that id. */
  has({ stream, filed }: Head, id: string, command: string): boolean {
    if (this.#ids.has(id) && this.sql.hasUnfiled.get(this.#filed, stream, id)) return true
    // An id is made of its command: under a greater one than all that are filed, it cannot be among them.
    return command <= filed && this.sql.hasFiled.get(stream, command, id) !== undefined
  }

  /** The newest event of a stream, which is not filed yet. */
  note(head: Head, event: { position: Position; revision: number; command: string; id: string }): void {
    head.position = event.position
    head.revision = event.revision
    if (event.command > head.command) head.command = event.command
    this.#ids.add(event.id)
    this.#unfiled.set(head.stream, head)
  }

  /** An event noted before was not written after all. */
  forget(id: string): void {
    this.#ids.delete(id)
  }

  /** Puts everything up to `position` in the indexes, in the transaction of the events: a crash leaves both or neither. */
  file(position: Position): void {
    for (const head of this.#unfiled.values()) {
      if (!head.compacted) continue
      this.sql.unfileRevisions.run(head.stream, head.revision)
      this.sql.unfileCommands.run(head.stream, head.position)
    }
    this.sql.fileRevisions.run(this.#filed)
    this.sql.fileCommands.run(this.#filed)
    this.sql.file.run(position)
  }

  /** That transaction is committed. */
  wasFiled(position: Position): void {
    this.#filed = position
    for (const head of this.#unfiled.values()) head.filed = head.command
    this.#unfiled.clear()
    this.#ids.clear()
  }

  /** Everything anew from the file: at the start, and when a transaction was undone. */
  recall(): void {
    this.#recent.clear()
    this.#unfiled.clear()
    this.#ids.clear()
    this.#filed = this.sql.filed.get() ?? 0
    for (const [position, stream, revision, command, id, name] of this.sql.unfiled.all(this.#filed)) {
      const head = this.#unfiled.get(stream) ?? this.#keep(name, this.#load(asStreamName(name), stream))
      this.note(head, { position, revision, command, id: uuidOf(id) })
    }
  }

  #load(name: StreamName, stream: number): Head {
    const [revision, position] = this.sql.lastFiled.get(stream) ?? [-1, 0]
    const filed = this.sql.greatestFiled.get(stream) ?? ''
    return { stream, compacted: isCompacted(name), revision, position, command: filed, filed }
  }

  #keep(name: string, head: Head): Head {
    this.#recent.set(name, head)
    return head
  }
}
