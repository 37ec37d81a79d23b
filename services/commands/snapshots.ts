import { categoryOf, type DomainEvent, eventSchemas, type StreamName, snapshotStream } from '@verbatim/protocol'
import { CorruptEvent, type EventLog, type NewEvent, type Position, UpgradeNeeded } from '@verbatim/services/event-log'
import type { Aggregate } from './aggregates.ts'
import { decode, encode } from './conversation/codec.ts'
import { eventId } from './event-id.ts'
import { decodeIds, encodeIds, type RecentIds } from './recent-ids.ts'
import type { Stream } from './stream.ts'

/** Of the form below. A snapshot of another version is ignored, and the state made from the events again. */
const VERSION = 1

/** Only conversations grow long enough. */
export const hasSnapshots = (name: StreamName): boolean => categoryOf(name) === 'conversation'

export type Snapshot = {
  readonly aggregate: Aggregate
  readonly ids: RecentIds
  readonly revision: number
  readonly position: Position
  readonly at: number
  readonly snapshot: { at: number; revision: number }
}

/** `undefined` for none, or none that this version can read. */
export const readSnapshot = async (log: EventLog, name: StreamName): Promise<Snapshot | undefined> => {
  const last = await log.last(snapshotStream(name)).catch(passOver)
  if (last?.type !== 'SnapshotTaken') return undefined
  const { revision, version, state } = JSON.parse(last.json) as Stored
  if (version !== VERSION) return undefined
  return {
    aggregate: { category: 'conversation', state: decode(state.conversation) },
    ids: decodeIds(state.ids),
    revision,
    position: state.position,
    at: last.at,
    snapshot: { at: revision, revision: last.revision },
  }
}

/** A damaged snapshot, or a later version's, is no loss: the events are there. */
const passOver = (error: unknown): undefined => {
  if (!(error instanceof CorruptEvent || error instanceof UpgradeNeeded)) throw error
}

/**
 * The state as it is now, of which `last` will be the last event. Copied at once, since the next command changes it;
 * turned into an event once `last` is written and the positions are known.
 */
export const takeSnapshot = (stream: Stream, last: NewEvent): ((position: Position) => NewEvent) | undefined => {
  if (stream.aggregate.category !== 'conversation') return undefined
  const { revision } = stream
  const conversation = encode(stream.aggregate.state)
  const ids = encodeIds(stream.ids)
  const name = snapshotStream(stream.name)
  return (position) => ({
    id: eventId(name, last.command, 0),
    type: 'SnapshotTaken',
    schema: eventSchemas.SnapshotTaken.schema,
    actor: last.actor,
    session: last.session,
    command: last.command,
    causedBy: last.id,
    digest: last.digest,
    at: last.at,
    json: JSON.stringify({
      revision,
      version: VERSION,
      state: { conversation, ids: ids(), position },
    } satisfies Stored),
  })
}

/** Never throws: a snapshot that is not written costs the next start some time and nothing else. */
export const writeSnapshot = async (
  log: EventLog,
  stream: Stream,
  event: NewEvent,
): Promise<{ written: boolean; error?: unknown }> => {
  try {
    const appended = await log.append(snapshotStream(stream.name), stream.snapshot.revision, [event])
    stream.snapshot.revision = appended.kind === 'appended' ? appended.revision : appended.actual
    return { written: appended.kind === 'appended' }
  } catch (error) {
    return { written: false, error }
  }
}

type Stored = Extract<DomainEvent, { type: 'SnapshotTaken' }>['data'] & {
  readonly state: { readonly conversation: unknown; readonly ids: unknown; readonly position: Position }
}
