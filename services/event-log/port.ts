import type { CommandId, EventId, EventType, SessionId, StreamName, UserId } from '@verbatim/protocol'

/** Global order of the log; opaque outside. Greater is later; `0` is before the first event. Below 2^53 in every store. */
export type Position = number

/** Expected revision of a stream that must not exist yet. */
export const NO_STREAM = -1

/** An event as it is handed to the log. */
export type NewEvent = {
  /** UUID version 5 of stream, command and index: the same effect has the same id for ever. */
  readonly id: EventId
  readonly type: EventType
  readonly schema: number
  readonly actor: UserId
  readonly session: SessionId
  readonly command: CommandId
  readonly causedBy?: EventId
  /** HMAC of the command's content under a key from IDENTITY. */
  readonly digest: string
  /** Milliseconds since the epoch by the server's clock; never before the previous event of the stream. */
  readonly at: number
  readonly trace?: string
  /** `data` as JSON, made once: stored through the codec, and sent as it stands by the relay. */
  readonly json: string
}

/** An event as the log gives it back: checksum verified, old schemas upcast. */
export type Recorded = NewEvent & {
  readonly stream: StreamName
  /** 0, 1, 2 … without gaps within a stream (of a compacted one, only the last is left). */
  readonly revision: number
  readonly position: Position
}

export type Appended =
  | { readonly kind: 'appended'; readonly revision: number; readonly position: Position }
  /** Nothing was written. `actual` is the revision of the stream's last event, -1 for none. */
  | { readonly kind: 'conflict'; readonly actual: number }

export interface Following {
  /** No batch is delivered after this resolves. */
  close(): Promise<void>
  /**
   * Resolves when it was closed; rejects with what ended it: what the handler threw, CorruptEvent, UpgradeNeeded.
   * To be listened to: a follower that ended unheard is a screen that stands still.
   */
  readonly ended: Promise<void>
}

/**
 * The truth: events, appended once, never changed. Every adapter keeps these, and one contract suite proves it:
 * EL1 an answered append is on disk; EL2 an append with the wrong expected revision writes nothing;
 * EL3 the events of one append are all there or none; EL4 revisions have no gaps; EL5 an event id is unique within its stream,
 * a second one is a conflict; EL6 `follow` delivers every event after its position once started, in order, at least once; EL7 a compacted stream keeps its last event;
 * EL8 what is read is what was written, or it is refused with its position.
 */
export interface EventLog {
  /** Id of this log, changed by a restore. */
  readonly log: string
  /**
   * Answers with the revision and the position of the last of `events`; those before it have the numbers right before.
   * @param expected revision of the stream's last event, or NO_STREAM
   * @param events at least one
   * @throws LogUnavailable when it is not known whether it was written, or surely was not (`written`)
   */
  append(stream: StreamName, expected: number, events: readonly NewEvent[]): Promise<Appended>
  /** From revision `from` (inclusive) upwards, at most `limit`. An unknown stream is empty. */
  read(stream: StreamName, from: number, limit: number): Promise<Recorded[]>
  /** The last event of a stream. */
  last(stream: StreamName): Promise<Recorded | undefined>
  /** The event of that id in that stream. `command` is its command: by it an adapter knows where in the stream to look. */
  find(stream: StreamName, id: EventId, command: CommandId): Promise<Recorded | undefined>
  /** After `position` (exclusive) in the order of the log, at most `limit`. Compacted events are skipped. */
  readAll(after: Position, limit: number): Promise<Recorded[]>
  /** Position of the last event. */
  head(): Promise<Position>
  /**
   * Batches in the order of the log; at the live edge the events of one append come together. The next batch waits for
   * the promise of the one before; a handler that throws ends the following. Deliveries may be repeated and may lag.
   * On SQLite a batch at the live edge is a whole commit, and a handler that returns nothing is called in the turn in
   * which the append is answered, before it.
   */
  follow(after: Position, onBatch: (events: readonly Recorded[]) => void | Promise<void>): Following
  close(): Promise<void>
}

/** The log did not answer, or refused to write. Retryable; `written: 'unknown'` wants a resend under the same id. */
export class LogUnavailable extends Error {
  constructor(
    message: string,
    readonly written: 'no' | 'unknown',
    readonly diskFull = false,
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.name = 'LogUnavailable'
  }
}

/** A stored event is not what was written. Never served. */
export class CorruptEvent extends Error {
  constructor(
    readonly position: Position,
    readonly stream: string,
    reason: string,
  ) {
    super(`event at position ${position} of ${stream} is corrupt: ${reason}`)
    this.name = 'CorruptEvent'
  }
}

/** A stored event is of a type or schema newer than this process knows. */
export class UpgradeNeeded extends Error {
  constructor(
    readonly position: Position,
    readonly type: string,
    readonly schema: number,
  ) {
    super(`event at position ${position} is ${type} of schema ${schema}, which this version does not know`)
    this.name = 'UpgradeNeeded'
  }
}
