import type { Category, CommandId, EventId, StreamName } from '@verbatim/protocol'
import { asStreamName, isCompacted } from '@verbatim/protocol'
import type Database from 'better-sqlite3'
import { CorruptEvent, type Position, type Recorded } from '../port.ts'
import { Recent } from './recent.ts'
import { COLUMNS, type Row, recordedOf } from './row.ts'
import { isDamaged, openForReading } from './sqlite-file.ts'
import { Unfiled } from './unfiled.ts'

/**
 * The reading half of an event log, synchronous: for threads that may wait for a disk. Each call is one short read of
 * what is committed at that moment.
 * @throws CorruptEvent, UpgradeNeeded from every method that gives events
 */
export interface LogReader {
  readonly log: string
  /** From revision `from` (inclusive) upwards, at most `limit`. An unknown stream is empty. */
  read(stream: StreamName, from: number, limit: number): Recorded[]
  last(stream: StreamName): Recorded | undefined
  find(stream: StreamName, id: EventId, command: CommandId): Recorded | undefined
  /** After `position` (exclusive) in the order of the log, at most `limit`. */
  readAll(after: Position, limit: number): Recorded[]
  head(): Position
  /** The streams of one kind, in the order of their names. */
  streams(category: Category): StreamName[]
  /** From here on everything is read as it is at this moment, until `close`. Not for long: the file grows meanwhile. */
  hold(): void
  close(): void
}

/** @param file a log that a writer has opened before */
export const openLogReader = (file: string): LogReader => {
  const { db, log } = openForReading(file)
  return new SqliteLogReader(db, log)
}

/** Names of streams kept in memory, so that the events of a page share them. */
const NAMES = 10_000

class SqliteLogReader implements LogReader {
  readonly #names = new Recent<number, string>(NAMES)
  readonly #streams = new Recent<string, number>(NAMES)
  readonly #sql: ReturnType<typeof statements>
  readonly #unfiled: Unfiled
  readonly #within: (rows: () => Row[]) => Row[]

  constructor(
    private readonly db: Database.Database,
    readonly log: string,
  ) {
    this.#sql = statements(db)
    this.#unfiled = new Unfiled(db)
    // Indexes, rows and what is not filed must be of the same moment.
    this.#within = db.transaction((rows: () => Row[]) => rows())
  }

  read(stream: StreamName, from: number, limit: number): Recorded[] {
    const events = this.#ofStream(stream, (number) => {
      const rows = this.#sql.read.all(number, from, limit)
      for (const { revision, position } of this.#unfiled.of(number))
        if (revision >= from && rows.length < limit) rows.push(...this.#sql.at.all(position))
      return rows
    })
    if (!isCompacted(stream)) assertNoGap(events, from)
    return events
  }

  last(stream: StreamName): Recorded | undefined {
    return this.#ofStream(stream, (number) => {
      const place = this.#unfiled.of(number).at(-1)
      return place ? this.#sql.at.all(place.position) : this.#sql.last.all(number)
    })[0]
  }

  find(stream: StreamName, id: EventId, command: CommandId): Recorded | undefined {
    return this.#ofStream(stream, (number) => {
      const rows = this.#unfiled
        .of(number)
        .filter((place) => place.command === command)
        .flatMap(({ position }) => this.#sql.at.all(position))
      return [...rows, ...this.#sql.find.all(number, command)]
    }).find((event) => event.id === id)
  }

  readAll(after: Position, limit: number): Recorded[] {
    try {
      return this.#recorded(this.#sql.readAll.all(after, limit))
    } catch (error) {
      if (!isDamaged(error)) throw error
      throw new CorruptEvent(this.#firstUnreadable(after, limit), '?', 'the file is damaged there')
    }
  }

  head(): Position {
    return this.#sql.head.get() ?? 0
  }

  streams(category: Category): StreamName[] {
    // `.` is the character after `-`.
    return this.#sql.streams.all(`${category}-`, `${category}.`).map(asStreamName)
  }

  hold(): void {
    this.db.exec('BEGIN')
    // The moment is that of the first reading.
    this.head()
  }

  close(): void {
    this.db.close()
  }

  #ofStream(name: StreamName, rows: (stream: number) => Row[]): Recorded[] {
    const stream = this.#numberOf(name)
    if (stream === undefined) return []
    const events = this.#recorded(named(name, () => this.#within(() => rows(stream))))
    const stray = events.find((event) => event.stream !== name)
    if (stray) throw new CorruptEvent(stray.position, name, 'an index leads to it from another stream')
    return events
  }

  #numberOf(name: StreamName): number | undefined {
    const known = this.#streams.get(name) ?? this.#sql.stream.get(name)
    if (known !== undefined) this.#streams.set(name, known)
    return known
  }

  #recorded(rows: Row[]): Recorded[] {
    return rows.map((row) => recordedOf(row, this.#nameOf(row[14])))
  }

  #nameOf(stream: number): string | undefined {
    const known = this.#names.get(stream)
    if (known !== undefined) return known
    const name = this.#sql.name.get(stream)
    if (name === undefined) return undefined
    this.#names.set(stream, name)
    return name
  }

  #firstUnreadable(after: Position, limit: number): Position {
    let good = after
    try {
      for (let read = 0; read < limit; read++) good = this.#sql.readAll.all(good, 1)[0]?.[0] ?? good
    } catch {
      return good + 1
    }
    return good + 1
  }
}

/** A hole in a stream is a row or an index entry that was lost: what follows it must not pass for the whole. */
const assertNoGap = (events: Recorded[], from: number): void => {
  for (const [at, event] of events.entries())
    if (event.revision !== from + at)
      throw new CorruptEvent(event.position, event.stream, `revision ${from + at} before it is missing`)
}

/** A page that is no page has no position to name, but it has the stream that it was asked for. */
const named = (stream: StreamName, rows: () => Row[]): Row[] => {
  try {
    return rows()
  } catch (error) {
    if (!isDamaged(error)) throw error
    throw new CorruptEvent(0, stream, 'the file is damaged')
  }
}

const statements = (db: Database.Database) => {
  const events = <Parameters extends unknown[]>(rest: string) =>
    db.prepare<Parameters, Row>(`SELECT ${COLUMNS} FROM ${rest}`).raw()
  const joined = 'JOIN events e ON e.position = i.position WHERE i.stream = ?'
  return {
    read: events<[number, number, number]>(`revisions i ${joined} AND i.revision >= ? ORDER BY i.revision LIMIT ?`),
    last: events<[number]>(`revisions i ${joined} ORDER BY i.revision DESC LIMIT 1`),
    find: events<[number, string]>(`commands i ${joined} AND i.command = ?`),
    at: events<[number]>('events e WHERE e.position = ?'),
    readAll: events<[number, number]>('events e WHERE e.position > ? ORDER BY e.position LIMIT ?'),
    stream: db.prepare<[string], number>('SELECT stream FROM streams WHERE name = ?').pluck(),
    name: db.prepare<[number], string>('SELECT name FROM streams WHERE stream = ?').pluck(),
    streams: db
      .prepare<[string, string], string>('SELECT name FROM streams WHERE name >= ? AND name < ? ORDER BY name')
      .pluck(),
    head: db.prepare<[], number>('SELECT max(position) FROM events').pluck(),
  }
}
