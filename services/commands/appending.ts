import type { Answer } from '@verbatim/protocol'
import type { Appended, EventLog, NewEvent, Position } from '@verbatim/services/event-log'
import type { Mailbox } from './mailbox.ts'
import { takeSnapshot, writeSnapshot } from './snapshots.ts'
import type { Decided, Item, Stream } from './stream.ts'

/** Events of one append. More only makes the others wait longer. */
const MOST = 512

export type Appending = {
  /** Answers at once when nothing is under way; else in its turn, with what is written before it. */
  take(mailbox: Mailbox, stream: Stream, decided: Decided): void
  /** What is decided and not yet handed to the log is not kept. */
  abandon(mailbox: Mailbox, error: unknown): void
  /** Resolves when no snapshot is being written any more. */
  settled(): Promise<void>
  readonly counts: { events: number; failures: number; snapshots: number }
}

export type AppendingOptions = {
  readonly log: EventLog
  readonly snapshotEvery: number
  readonly report: (error: unknown) => void
  readonly answer: (mailbox: Mailbox, item: Item, answer: Answer) => void
  /** An append of the mailbox was lost and nothing more is under way: what is still decided is to be decided again. */
  readonly onLost: (mailbox: Mailbox) => void
}

export const appending = ({ log, snapshotEvery, report, answer, onLost }: AppendingOptions): Appending => {
  const counts = { events: 0, failures: 0, snapshots: 0 }
  const snapshots = new Set<Promise<void>>()

  const take = (mailbox: Mailbox, stream: Stream, decided: Decided): void => {
    if (decided.events.length === 0 && isQuiet(stream) && isReady(decided)) {
      reply(mailbox, stream, decided)
      return
    }
    stream.decided.push(decided)
    if (stream.isScheduled || stream.writing) return
    // At the end of the turn: what one frame or one commit brought goes together.
    stream.isScheduled = true
    queueMicrotask(() => {
      stream.isScheduled = false
      flush(mailbox, stream)
    })
  }

  const flush = (mailbox: Mailbox, stream: Stream): void => {
    if (stream.writing || mailbox.lost) return
    replyToFirst(mailbox, stream)
    const batch = nextBatch(stream)
    if (batch.events.length === 0) return
    stream.writing = batch.decided
    const snapshot = snapshotOf(stream, batch.events)
    written(log, stream, batch.events).then(
      (appended) => {
        if (isWhole(appended, stream.durable, batch.events)) commit(mailbox, stream, appended, snapshot)
        else lose(mailbox, stream, appended)
      },
      (error) => lose(mailbox, stream, error),
    )
  }

  const commit = (
    mailbox: Mailbox,
    stream: Stream,
    last: { revision: number; position: Position },
    snapshot: ((position: Position) => NewEvent) | undefined,
  ): void => {
    const batch = stream.writing ?? []
    stream.writing = undefined
    const offset = last.position - last.revision
    counts.events += last.revision - stream.durable
    for (const decided of batch) {
      if (decided.events.length > 0) {
        stream.durable += decided.events.length
        stream.position = stream.durable + offset
        if (decided.ending.kind === 'effect') decided.ending.known.position = stream.position
      }
      reply(mailbox, stream, decided)
    }
    tellWatchers(stream)
    if (snapshot) keep(stream, snapshot(last.position))
    if (mailbox.lost) loseRest(mailbox)
    // What another stream of the key waits for may have been this.
    else for (const other of mailbox.streams.values()) if (other.decided.length > 0) flush(mailbox, other)
  }

  const lose = (mailbox: Mailbox, stream: Stream, error: unknown): void => {
    counts.failures++
    stream.decided.unshift(...(stream.writing ?? []))
    stream.writing = undefined
    mailbox.lost ??= { error }
    loseRest(mailbox)
  }

  const abandon = (mailbox: Mailbox, error: unknown): void => {
    mailbox.lost ??= { error }
    queueMicrotask(() => loseRest(mailbox))
  }

  const loseRest = (mailbox: Mailbox): void => {
    for (const stream of mailbox.streams.values()) if (stream.writing) return
    onLost(mailbox)
  }

  const replyToFirst = (mailbox: Mailbox, stream: Stream): void => {
    let first = stream.decided[0]
    while (first && first.events.length === 0 && isReady(first)) {
      stream.decided.shift()
      reply(mailbox, stream, first)
      first = stream.decided[0]
    }
  }

  const reply = (mailbox: Mailbox, stream: Stream, decided: Decided): void =>
    answer(mailbox, decided.item, answerOf(decided, stream))

  const snapshotOf = (stream: Stream, events: readonly NewEvent[]) => {
    const last = events.at(-1)
    // Only when the batch is all that is decided: the state is the one behind its last event.
    if (!last || stream.decided.length > 0 || stream.revision - stream.snapshot.at < snapshotEvery) return undefined
    const snapshot = takeSnapshot(stream, last)
    // At the next due revision again, whether or not this one gets written.
    if (snapshot) stream.snapshot.at = stream.revision
    return snapshot
  }

  const keep = (stream: Stream, event: NewEvent): void => {
    const writing = writeSnapshot(log, stream, event).then(({ written, error }) => {
      if (written) counts.snapshots++
      if (error) report(error)
      snapshots.delete(writing)
    })
    snapshots.add(writing)
  }

  return {
    take,
    abandon,
    counts,
    async settled() {
      while (snapshots.size > 0) await Promise.all(snapshots)
    },
  }
}

/** An adapter that throws in the turn of the call is no different from one that rejects. */
const written = async (log: EventLog, stream: Stream, events: readonly NewEvent[]): Promise<Appended> =>
  log.append(stream.name, stream.durable, events)

/** Behind everything that it rests on: what is known by now is durable. */
const answerOf = ({ item, ending }: Decided, stream: Stream): Answer => {
  const { id } = item.order.command
  if (ending.kind === 'refused') {
    const { reason, detail } = ending
    return { kind: 'refused', id, reason, ...(detail !== undefined && { detail }) }
  }
  const { revision, position } =
    ending.kind === 'effect' ? ending.known : { revision: stream.durable, position: stream.position }
  const { conversation } = item.route
  const accepted = { kind: 'accepted', id, revision, position: `${position}` } as const
  return conversation === undefined ? accepted : { ...accepted, conversation }
}

const isQuiet = (stream: Stream): boolean => !stream.writing && stream.decided.length === 0
const isReady = ({ after }: Decided): boolean => !after || after.stream.durable >= after.revision
/** The log has done exactly what was asked, or its answer is not to be trusted. */
const isWhole = (
  appended: Appended,
  expected: number,
  events: readonly NewEvent[],
): appended is Extract<Appended, { kind: 'appended' }> =>
  appended.kind === 'appended' && appended.revision === expected + events.length

/** As much as may be written now, taken out of what is decided. */
const nextBatch = (stream: Stream): { decided: readonly Decided[]; events: readonly NewEvent[] } => {
  const events: NewEvent[] = []
  let taken = 0
  for (const decided of stream.decided) {
    if (!isReady(decided) || events.length >= MOST) break
    for (const event of decided.events) events.push(event)
    taken++
  }
  return { decided: events.length > 0 ? stream.decided.splice(0, taken) : [], events }
}

const tellWatchers = (stream: Stream): void => {
  for (let watcher = stream.watchers[0]; watcher && watcher.revision <= stream.durable; watcher = stream.watchers[0]) {
    stream.watchers.shift()
    watcher.tell(true)
  }
}
