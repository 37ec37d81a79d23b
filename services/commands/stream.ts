import {
  type Answer,
  categoryOf,
  type DomainEvent,
  type Happened,
  isCompacted,
  type Order,
  type Reason,
  type StreamName,
} from '@verbatim/protocol'
import { type EventLog, type NewEvent, NO_STREAM, type Position, type Recorded } from '@verbatim/services/event-log'
import { type Aggregate, evolve, type Found, unborn } from './aggregates.ts'
import { type Known, noIds, type RecentIds, remember } from './recent-ids.ts'
import type { Route } from './route.ts'
import { hasSnapshots, readSnapshot } from './snapshots.ts'

/** A command on its way. */
export type Item = {
  /** Its place in the order of arrival. */
  readonly number: number
  readonly order: Order
  readonly route: Route
  readonly answer: (answer: Answer) => void
  /** Milliseconds since the epoch at which it came. */
  readonly cameAt: number
  digest: string | undefined
  /** Times that it was decided or loaded in vain. */
  tries: number
  /** What the log knows of its id; `null` for nothing, `undefined` while nobody has asked. */
  before: Known | null | undefined
  found: Found | undefined
  isAnswered: boolean
}

export type Ending =
  /** `known.position` is there once the events are written. */
  | { readonly kind: 'effect'; readonly known: Known }
  | { readonly kind: 'nothing to do' }
  | { readonly kind: 'refused'; readonly reason: Reason; readonly detail?: string }

/** A command that is decided and not answered yet: what it was decided on is still being written. */
export type Decided = {
  readonly item: Item
  readonly ending: Ending
  readonly events: readonly NewEvent[]
  /** Another stream was asked too: nothing is written before it is durable up to there. */
  readonly after: { readonly stream: Stream; readonly revision: number } | undefined
}

/** A stream with the aggregate that its events make. */
export type Stream = {
  readonly name: StreamName
  readonly aggregate: Aggregate
  readonly ids: RecentIds
  /** Of the last event decided, and its time. The aggregate is in that state. */
  revision: number
  at: number
  /** Of the last event that is known to be on disk. */
  durable: number
  position: Position
  /** In the order of deciding. At most one append is under way; what is decided meanwhile goes together in the next. */
  writing: readonly Decided[] | undefined
  readonly decided: Decided[]
  isScheduled: boolean
  /** Told `true` when their revision is durable, `false` when what was decided is lost. */
  readonly watchers: { readonly revision: number; readonly tell: (durable: boolean) => void }[]
  /** The newest snapshot: after which revision, and its own revision in the stream of snapshots. */
  snapshot: { at: number; revision: number }
}

const PAGE = 500

/** The last snapshot and the events behind it. @throws what the log throws */
export const loadStream = async (log: EventLog, name: StreamName): Promise<Stream> => {
  const stream = await start(log, name)
  if (isCompacted(name)) {
    const last = await log.last(name)
    if (last) recall(stream, last)
    return stream
  }
  for (;;) {
    const page = await log.read(name, stream.revision + 1, PAGE)
    for (const event of page) recall(stream, event)
    if (page.length < PAGE) return stream
  }
}

const start = async (log: EventLog, name: StreamName): Promise<Stream> => {
  const from = hasSnapshots(name) ? await readSnapshot(log, name) : undefined
  return {
    name,
    aggregate: from?.aggregate ?? unborn(categoryOf(name)),
    ids: from?.ids ?? noIds(),
    revision: from?.revision ?? NO_STREAM,
    at: from?.at ?? 0,
    durable: from?.revision ?? NO_STREAM,
    position: from?.position ?? 0,
    writing: undefined,
    decided: [],
    isScheduled: false,
    watchers: [],
    snapshot: from?.snapshot ?? { at: NO_STREAM, revision: NO_STREAM },
  }
}

const recall = (stream: Stream, event: Recorded): void => {
  const { type, actor, at, digest, command, revision, position } = event
  evolve(stream.aggregate, { type, data: JSON.parse(event.json), by: actor, at, digest } as Happened<DomainEvent>)
  // Of a command with several events the last one counts.
  remember(stream.ids, command, { actor, digest, revision, position })
  stream.revision = stream.durable = revision
  stream.position = position
  stream.at = at
}

/** Resolves at once or when everything decided so far is on disk; `false` when it is lost. */
export const durable = (stream: Stream): Promise<boolean> =>
  stream.durable >= stream.revision
    ? Promise.resolve(true)
    : new Promise((tell) => stream.watchers.push({ revision: stream.revision, tell }))
