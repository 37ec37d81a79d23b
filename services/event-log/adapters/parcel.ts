import type { StreamName } from '@verbatim/protocol'
import type { NewEvent, Position } from '../port.ts'

/**
 * The appends of one turn on their way to the writer. Flat, because each object costs a structured clone:
 * append `i` is `counts[i]` events for `streams[i]`, and each event is FIELDS entries of `fields`, in the order of `pack`.
 */
export type Parcel = {
  readonly streams: string[]
  readonly expected: number[]
  readonly counts: number[]
  readonly fields: Field[]
}
export type Field = string | number | null
export const FIELDS = 11

/**
 * What became of each append, in order: the position of its first event, or, for a conflict, `conflictAt(actual)`.
 */
export type Results = number[]
/** One commit: the results of one parcel or more, in the order in which they were sent. */
export type Committed = { readonly results: Results[] }
/** Nothing of `parcels` parcels was written, or it is not known. */
export type Failed = {
  readonly parcels: number
  readonly reason: string
  readonly written: 'no' | 'unknown'
  readonly diskFull: boolean
}
export type WriterReply = Committed | Failed | 'closed'
export type WriterCall = Parcel | 'close'

/** Positions start at 1, so everything up to 0 is free: -1 (no stream) is 0, revision 0 is -1 … */
export const conflictAt = (actual: number): number => -1 - actual
export const actualOf = (result: number): number => -1 - result
export const isPosition = (result: number): result is Position => result > 0

export const emptyParcel = (): Parcel => ({ streams: [], expected: [], counts: [], fields: [] })

export const pack = (parcel: Parcel, stream: StreamName, expected: number, events: readonly NewEvent[]): void => {
  parcel.streams.push(stream)
  parcel.expected.push(expected)
  parcel.counts.push(events.length)
  for (const { id, type, schema, actor, session, command, causedBy, digest, at, trace, json } of events)
    parcel.fields.push(id, type, schema, actor, session, command, causedBy ?? null, digest, at, trace ?? null, json)
}

/** The event whose fields begin at `at`. */
export const eventAt = ({ fields }: Parcel, at: number): PackedEvent => ({
  id: fields[at] as string,
  type: fields[at + 1] as string,
  schema: fields[at + 2] as number,
  actor: fields[at + 3] as string,
  session: fields[at + 4] as string,
  command: fields[at + 5] as string,
  causedBy: fields[at + 6] as string | null,
  digest: fields[at + 7] as string,
  at: fields[at + 8] as number,
  trace: fields[at + 9] as string | null,
  json: fields[at + 10] as string,
})

export type PackedEvent = {
  readonly id: string
  readonly type: string
  readonly schema: number
  readonly actor: string
  readonly session: string
  readonly command: string
  readonly causedBy: string | null
  readonly digest: string
  readonly at: number
  readonly trace: string | null
  readonly json: string
}
