import type { DataOf, EventId, EventType, StreamName, UserId } from '@verbatim/protocol'
import type { Position } from '@verbatim/services/event-log'

/** An event as a projection sees it: old schemas upcast, data parsed. */
export type Projected<Type extends EventType = EventType> = {
  [T in EventType]: {
    readonly type: T
    readonly data: DataOf<T>
    readonly id: EventId
    readonly actor: UserId
    /** Milliseconds since the epoch. */
    readonly at: number
    readonly stream: StreamName
    readonly revision: number
    readonly position: Position
  }
}[Type]

export const ignored = 'ignored'

/**
 * A read model as a table from event type to writes, pure: the same events give the same model, at any time.
 * Total: a new event type does not compile until each projection handles or ignores it.
 */
export type Projection<Write> = {
  readonly name: string
  /** Part of the model's name, `<name>_v<version>`: another version is another model, filled from the start of the log. */
  readonly version: number
  readonly on: { readonly [T in EventType]: ((event: Projected<T>) => readonly Write[]) | typeof ignored }
}

/** An event that a projection could not apply, and what waits behind it. */
export type Parked = {
  readonly stream: StreamName
  readonly revision: number
  readonly position: Position
  readonly reason: string
  /** Later events of the stream that wait behind it. */
  readonly waiting: number
}

/**
 * Where a projection keeps its model. Each `apply` is one transaction of writes and position: a crash leaves both or neither.
 * Calls are synchronous in the embedded stores and may be awaited in others.
 */
export interface ModelStore<Write> {
  /** Position of the last event applied, and the id of the log that it came from. */
  progress(): Promise<{ position: Position; log: string | undefined }>
  /** Writes of many events in the order of the log, and the position behind them. */
  apply(batch: readonly Applied<Write>[], position: Position, log: string): Promise<void>
  /** Streams that hold a parked event. */
  parkedStreams(): Promise<StreamName[]>
  /** Sets an event aside, with or behind the failed one of its stream. `reason` is undefined for one that only waits. */
  park(event: { stream: StreamName; revision: number; position: Position }, reason: string | undefined): Promise<void>
  parked(): Promise<Parked[]>
  /** Takes the events of a stream out again, for them to be applied anew. */
  unpark(stream: StreamName): Promise<void>
  /** Empties the model: its log was replaced. */
  clear(): Promise<void>
  close(): Promise<void>
}

export type Applied<Write> = { readonly event: Projected; readonly writes: readonly Write[] }

export type ProjectorState = 'catching-up' | 'live' | 'upgrade-needed' | 'stopped'
/** Told after every batch. */
export type Progress = {
  readonly projection: string
  readonly position: Position
  readonly state: ProjectorState
  readonly parked: number
  readonly reason?: string
}
