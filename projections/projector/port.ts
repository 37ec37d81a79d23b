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
 * What different streams write must not depend on their order: a parked stream is applied later than its neighbours.
 */
export type Projection<Write> = {
  readonly name: string
  /** Part of the model's name, `<name>_v<version>`: another version is another model, filled from the start of the log. */
  readonly version: number
  readonly on: { readonly [T in EventType]: ((event: Projected<T>) => readonly Write[]) | typeof ignored }
}

/** Where an event stands. */
export type Place = { readonly stream: StreamName; readonly revision: number; readonly position: Position }

/**
 * What becomes of one event: it is applied by its writes (none for one that is ignored), or set aside, with the reason
 * for which it failed or with `null` when it only waits behind a failed one of its stream.
 */
export type Step<Write> =
  | { readonly event: Place; readonly writes: readonly Write[] }
  | { readonly event: Place; readonly parked: string | null }

/** A stream's event that a projection could not apply, and how many wait behind it. */
export type Parked = Place & { readonly reason: string; readonly waiting: number }

/** Where a projection keeps its model. Every method either happens whole or leaves the model as it was. */
export interface ModelStore<Write> {
  /** Position of the last event taken, 0 before any, and the id of the log that it came from, undefined in a new model. */
  progress(): Promise<{ position: Position; log: string | undefined }>
  /**
   * Takes events in the order of the log and moves the position to the last of them, in one transaction: a crash leaves
   * both or neither. Events at or before the position change nothing, so a second delivery does no harm.
   * @param steps at least one
   * @throws StoreUnavailable when the same may work later; anything else is the fault of an event among them
   */
  apply(steps: readonly Step<Write>[], log: string): Promise<void>
  /** The streams that hold a failed event, each with that event, in the order of the log. */
  parked(): Promise<Parked[]>
  /** Every event of the stream that is set aside, the failed one first. */
  parkedEvents(stream: StreamName): Promise<Place[]>
  /**
   * Decides anew about events that are set aside; the position stays. With writes they are applied and are no longer
   * set aside, with a reason they stay under it. Events that are not set aside change nothing.
   * @throws as `apply`
   */
  settle(steps: readonly Step<Write>[]): Promise<void>
  /** Empties the model and what is set aside: its log was replaced. */
  clear(): Promise<void>
  close(): Promise<void>
}

/** The store did not answer, or is full: the same call may work later. */
export class StoreUnavailable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StoreUnavailable'
  }
}

/**
 * `catching-up` reads what is there, `live` waits for what comes. `upgrade-needed` met an event of a later version,
 * `stopped` one that is corrupt: both stand still before it until the process is started anew.
 */
export type ProjectorState = 'catching-up' | 'live' | 'upgrade-needed' | 'stopped'

/** Told after every batch and whenever the state changes. */
export type Progress = {
  readonly projection: string
  readonly position: Position
  readonly state: ProjectorState
  /** Streams that hold a failed event. */
  readonly parked: number
  /** Why it stands still, or what it waits for while it tries again. */
  readonly reason?: string
}
