import type { MessagePort } from 'node:worker_threads'
import type { StreamName } from '@verbatim/protocol'
import type { Calls } from '@verbatim/services/threads'
import {
  type Appended,
  type EventLog,
  type Following,
  LogUnavailable,
  type NewEvent,
  type Position,
  type Recorded,
} from '../port.ts'
import { Followers } from './followers.ts'
import type { LogReads } from './log-reads.ts'
import {
  actualOf,
  type Committed,
  emptyParcel,
  type Failed,
  isPosition,
  type Parcel,
  pack,
  type WriterReply,
} from './parcel.ts'

export type SqliteEventLogParts = {
  /** The other end of `serveLogWriter`. This log is the only one that appends through it. */
  readonly writer: MessagePort
  /** `callsOver<LogReads>(port, reviveLogError)`, served by `logReads` in the thread that reads. */
  readonly reads: Calls<LogReads>
  /** `log` and `head()` of the writer when it opened the file, before any append. */
  readonly log: string
  readonly head: Position
  /** Milliseconds after which an append that got no answer is `unknown`. */
  readonly patience?: number
}

/**
 * The log as the main thread sees it: it opens no file. The appends of one turn travel to the writer together; the
 * answer to a commit first goes to the live followers, as one batch from memory, and then settles the appends.
 */
export const sqliteEventLog = (parts: SqliteEventLogParts): EventLog => new SqliteEventLog(parts)

/** An append under way. */
type Pending = {
  readonly stream: StreamName
  readonly expected: number
  readonly events: readonly NewEvent[]
  readonly resolve: (appended: Appended) => void
  readonly reject: (error: LogUnavailable) => void
}
type Sent = { readonly appends: readonly Pending[]; readonly impatience: NodeJS.Timeout }

class SqliteEventLog implements EventLog {
  readonly log: string
  readonly read: EventLog['read']
  readonly last: EventLog['last']
  readonly find: EventLog['find']
  readonly readAll: EventLog['readAll']
  readonly head: EventLog['head']
  readonly #writer: MessagePort
  readonly #patience: number
  readonly #followers: Followers
  /** Sent and not answered, in the order of sending, which is the order of the answers. */
  readonly #sent: Sent[] = []
  #parcel: Parcel = emptyParcel()
  #collected: Pending[] = []
  #gone: string | undefined
  #closed: (() => void) | undefined

  constructor({ writer, reads, log, head, patience = 2_000 }: SqliteEventLogParts) {
    this.log = log
    this.read = reads.read
    this.last = reads.last
    this.find = reads.find
    this.readAll = reads.readAll
    this.head = reads.head
    this.#writer = writer
    this.#patience = patience
    this.#followers = new Followers(reads.readAll, head)
    writer.on('message', (reply: WriterReply) => this.#answered(reply))
    writer.on('close', () => this.#lost())
  }

  append(stream: StreamName, expected: number, events: readonly NewEvent[]): Promise<Appended> {
    return new Promise((resolve, reject) => {
      if (this.#gone) return reject(new LogUnavailable(this.#gone, 'no'))
      if (events.length === 0) return reject(new RangeError('an append of no events'))
      const unfit = events.find((event) => !isFit(event))
      if (unfit) return reject(new TypeError(`an event of id ${unfit.id} at ${unfit.at} cannot be stored`))
      if (this.#collected.length === 0) setImmediate(() => this.#send())
      this.#collected.push({ stream, expected, events, resolve, reject })
      pack(this.#parcel, stream, expected, events)
    })
  }

  follow(after: Position, onBatch: (events: readonly Recorded[]) => void | Promise<void>): Following {
    return this.#followers.follow(after, onBatch)
  }

  /** Appends under way are still answered. */
  async close(): Promise<void> {
    if (this.#gone) return
    this.#send()
    this.#gone = 'the log is closed'
    await new Promise<void>((resolve) => {
      this.#closed = resolve
      this.#writer.postMessage('close')
    })
    this.#followers.close()
  }

  #send(): void {
    if (this.#collected.length === 0) return
    const appends = this.#collected
    const impatience = setTimeout(() => refuseAll(appends, noAnswer()), this.#patience)
    this.#sent.push({ appends, impatience })
    this.#writer.postMessage(this.#parcel)
    this.#collected = []
    this.#parcel = emptyParcel()
  }

  #answered(reply: WriterReply): void {
    if (reply === 'closed') this.#lost()
    else if ('results' in reply) this.#committed(reply)
    else this.#failed(reply)
  }

  /** A late answer finds its append given up, but its events are in the log: followers get them like all others. */
  #committed({ results }: Committed): void {
    const settled: (() => void)[] = []
    const commit: Recorded[] = []
    for (const [parcel, { appends }] of this.#take(results.length).entries())
      for (const [at, append] of appends.entries()) settled.push(record(append, results[parcel]?.[at] ?? 0, commit))
    const head = commit.at(-1)?.position
    if (head !== undefined) this.#followers.publish(commit, head)
    for (const settle of settled) settle()
  }

  #failed({ parcels, reason, written, diskFull }: Failed): void {
    for (const { appends } of this.#take(parcels)) refuseAll(appends, new LogUnavailable(reason, written, diskFull))
  }

  #take(parcels: number): Sent[] {
    const sent = this.#sent.splice(0, parcels)
    for (const { impatience } of sent) clearTimeout(impatience)
    return sent
  }

  #lost(): void {
    this.#gone ??= 'the writer of the log is gone'
    for (const { appends } of this.#take(this.#sent.length))
      refuseAll(appends, new LogUnavailable(this.#gone, 'unknown'))
    refuseAll(this.#collected, new LogUnavailable(this.#gone, 'no'))
    this.#closed?.()
  }
}

/** What the tables would refuse, and with it everybody else's appends of the same commit. */
const isFit = ({ id, causedBy, at }: NewEvent): boolean =>
  UUID.test(id) && (causedBy === undefined || UUID.test(causedBy)) && Number.isSafeInteger(at)
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

const noAnswer = () => new LogUnavailable('the writer of the log does not answer', 'unknown')

const refuseAll = (appends: readonly Pending[], error: LogUnavailable): void => {
  for (const { reject } of appends) reject(error)
}

/** Adds the events of one append to their commit; what it returns tells the caller, which must come after the followers. */
const record = (append: Pending, result: number, commit: Recorded[]): (() => void) => {
  const { stream, expected, events, resolve } = append
  if (!isPosition(result)) return () => resolve({ kind: 'conflict', actual: actualOf(result) })
  for (let at = 0; at < events.length; at++)
    commit.push(recordedAt(events[at] as NewEvent, stream, expected + 1 + at, result + at))
  const last = events.length - 1
  return () => resolve({ kind: 'appended', revision: expected + 1 + last, position: result + last })
}

/** Field by field: a spread of each event was the greatest cost of this thread. */
const recordedAt = (event: NewEvent, stream: StreamName, revision: number, position: Position): Recorded => {
  const { id, type, schema, actor, session, command, causedBy, digest, at, trace, json } = event
  if (causedBy !== undefined || trace !== undefined) return { ...event, stream, revision, position }
  return { id, type, schema, actor, session, command, digest, at, json, stream, revision, position }
}
