import { asStreamName } from '@verbatim/protocol'
import type { Position } from '@verbatim/services/event-log'
import type { Place } from '../port.ts'
import { type Db, openForReading } from './sqlite-file.ts'

/** A model open for reading. */
export interface ModelReader {
  /** To prepare statements on. */
  readonly db: Db
  /** Position of the last event that is in the model. */
  position(): Position
  /** Id of the log that it was made from; undefined before the first event. */
  log(): string | undefined
  /** Every event that is set aside, in the order of the log; `null` for one that waits behind a failed one. */
  setAside(): (Place & { readonly reason: string | null })[]
  /** Runs `query` in one transaction: everything that it reads, and the position, are of one moment. */
  read<T>(query: () => T): { readonly position: Position; readonly value: T }
  /** From here on everything is read as it is at this moment, until `close`. Not for long: the file grows meanwhile. */
  hold(): void
  close(): void
}

/**
 * Opens a model for reading. Waits for the projector to make it.
 * @param patience milliseconds
 * @throws when it was not made within `patience`
 */
export const openModelReader = async (file: string, patience = 10_000): Promise<ModelReader> =>
  modelReader(await openForReading(file, patience))

/** The reader of a model that is open already. */
export const modelReader = (db: Db): ModelReader => {
  const reached = db.prepare<[], number>("SELECT value FROM meta WHERE key = 'position'").pluck()
  const position = (): Position => reached.get() ?? 0
  const log = db.prepare<[], string>("SELECT value FROM meta WHERE key = 'log'").pluck()
  const setAside = db.prepare<[], Place & { reason: string | null }>(
    'SELECT stream, revision, position, reason FROM parked ORDER BY position',
  )
  const run = db.transaction((query: () => unknown) => ({ position: position(), value: query() }))
  return {
    db,
    position,
    log: () => log.get(),
    setAside: () => setAside.all().map((one) => ({ ...one, stream: asStreamName(one.stream) })),
    read: <T>(query: () => T) => run(query) as { position: Position; value: T },
    hold: () => {
      db.exec('BEGIN')
      // The moment is that of the first reading.
      position()
    },
    close: () => {
      db.close()
    },
  }
}
