import { type CommandId, type EventId, isCompacted, type StreamName } from '@verbatim/protocol'
import { decode } from '../codec.ts'
import {
  type Appended,
  type EventLog,
  type Following,
  LogUnavailable,
  type NewEvent,
  NO_STREAM,
  type Position,
  type Recorded,
} from '../port.ts'

/**
 * A log that promises no more than the port does: every answer comes later, followers lag behind the answers, batches
 * are delivered again, an id is unique within its stream only. What is tested on it cannot lean on SQLite.
 * @param seed decides delays and repeats; the same seed, the same course
 * @param log id of the log
 * @param disk resolves when an append is written, and rejects when it is not; nobody reads it before
 */
export const memoryEventLog = ({ seed = 1, log = 'memory', disk }: Parts = {}): EventLog =>
  new MemoryEventLog(log, mulberry32(seed), disk)

type Parts = { readonly seed?: number; readonly log?: string; readonly disk?: () => Promise<void> }

type OnBatch = (events: readonly Recorded[]) => void | Promise<void>
type Stream = { readonly rows: Recorded[]; readonly ids: Set<EventId> }

class MemoryEventLog implements EventLog {
  /** The event of position `p` is at `p - 1`; undefined where it was compacted away. */
  readonly #events: (Recorded | undefined)[] = []
  readonly #streams = new Map<StreamName, Stream>()
  /** Positions of the last event of each append. */
  readonly #ends = new Set<Position>()
  #sleepers: (() => void)[] = []
  #closed = false

  constructor(
    readonly log: string,
    private readonly chance: () => number,
    private readonly disk: () => Promise<void> = () => this.#later(),
  ) {}

  async append(stream: StreamName, expected: number, events: readonly NewEvent[]): Promise<Appended> {
    if (events.length === 0) throw new RangeError('an append of no events')
    await this.disk()
    if (this.#closed) throw new LogUnavailable('the log is closed', 'no')
    const appended = this.#append(stream, expected, events)
    await this.#later()
    return appended
  }

  async read(stream: StreamName, from: number, limit: number): Promise<Recorded[]> {
    await this.#later()
    return this.#stream(stream)
      .rows.filter(({ revision }) => revision >= from)
      .slice(0, limit)
      .map(decoded)
  }

  async last(stream: StreamName): Promise<Recorded | undefined> {
    await this.#later()
    return this.#stream(stream).rows.slice(-1).map(decoded)[0]
  }

  async find(stream: StreamName, id: EventId, command: CommandId): Promise<Recorded | undefined> {
    await this.#later()
    return this.#stream(stream)
      .rows.filter((event) => event.id === id && event.command === command)
      .map(decoded)[0]
  }

  async readAll(after: Position, limit: number): Promise<Recorded[]> {
    await this.#later()
    return this.#after(after, limit)
  }

  async head(): Promise<Position> {
    await this.#later()
    return this.#events.length
  }

  follow(after: Position, onBatch: (events: readonly Recorded[]) => void | Promise<void>): Following {
    let open = true
    return {
      ended: this.#deliver(after, onBatch, () => open && !this.#closed),
      close: async () => {
        open = false
        this.#wake()
      },
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#wake()
  }

  #append(stream: StreamName, expected: number, events: readonly NewEvent[]): Appended {
    const kept = this.#stream(stream)
    const actual = kept.rows.at(-1)?.revision ?? NO_STREAM
    const ids = new Set(events.map(({ id }) => id))
    const isNew = ids.size === events.length && events.every(({ id }) => !kept.ids.has(id))
    if (actual !== expected || !isNew) return { kind: 'conflict', actual }
    for (const [at, event] of events.entries()) {
      const row = { ...event, stream, revision: expected + 1 + at, position: this.#events.length + 1 }
      this.#events.push(row)
      kept.rows.push(row)
      kept.ids.add(row.id)
    }
    if (isCompacted(stream)) this.#compact(kept)
    this.#ends.add(this.#events.length)
    this.#streams.set(stream, kept)
    this.#wake()
    return { kind: 'appended', revision: expected + events.length, position: this.#events.length }
  }

  #compact({ rows, ids }: Stream): void {
    for (const { id, position } of rows.splice(0, rows.length - 1)) {
      this.#events[position - 1] = undefined
      ids.delete(id)
    }
  }

  async #deliver(after: Position, onBatch: OnBatch, isOpen: () => boolean): Promise<void> {
    for (let position = after; ; ) {
      await this.#later()
      if (!isOpen()) return
      const batch = this.#after(position, 1 + this.#below(5), true)
      const last = batch.at(-1)
      if (!last) await this.#sleep()
      else {
        await onBatch(batch)
        // At least once: now and then a follower is sent back, as one is that crashed before it noted where it stood.
        position = this.#below(4) === 0 ? Math.max(after, last.position - this.#below(8)) : last.position
      }
    }
  }

  /** @param together goes on until the end of an append */
  #after(position: Position, limit: number, together = false): Recorded[] {
    const found: Recorded[] = []
    for (let at = position; at < this.#events.length; at++) {
      if (found.length >= limit && (!together || this.#ends.has(at))) break
      const event = this.#events[at]
      if (event) found.push(event)
    }
    return found.map(decoded)
  }

  #stream(stream: StreamName): Stream {
    return this.#streams.get(stream) ?? { rows: [], ids: new Set() }
  }

  async #later(): Promise<void> {
    for (let turns = this.#below(4); turns >= 0; turns--) await null
  }

  #sleep(): Promise<void> {
    return new Promise((resolve) => this.#sleepers.push(resolve))
  }

  #wake(): void {
    for (const wake of this.#sleepers.splice(0)) wake()
  }

  #below(bound: number): number {
    return Math.floor(this.chance() * bound)
  }
}

const decoded = (event: Recorded): Recorded => ({ ...event, ...decode(event) })

/** Tommy Ettinger's generator of 32 bits: small, and the same everywhere. */
const mulberry32 = (seed: number) => (): number => {
  seed = (seed + 0x6d2b79f5) | 0
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
}
