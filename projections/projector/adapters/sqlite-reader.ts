import type { Position } from '@verbatim/services/event-log'
import { type Db, openForReading } from './sqlite-file.ts'

/** A model open for reading. */
export interface ModelReader {
  /** To prepare statements on. */
  readonly db: Db
  /** Position of the last event that is in the model. */
  position(): Position
  /** Runs `query` in one transaction: everything that it reads, and the position, are of one moment. */
  read<T>(query: () => T): { readonly position: Position; readonly value: T }
  close(): void
}

/**
 * Opens a model for reading. Waits for the projector to make it.
 * @param patience milliseconds
 * @throws when it was not made within `patience`
 */
export const openModelReader = async (file: string, patience = 10_000): Promise<ModelReader> => {
  const db = await openForReading(file, patience)
  const reached = db.prepare<[], number>("SELECT value FROM meta WHERE key = 'position'").pluck()
  const position = (): Position => reached.get() ?? 0
  const run = db.transaction((query: () => unknown) => ({ position: position(), value: query() }))
  return {
    db,
    position,
    read: <T>(query: () => T) => run(query) as { position: Position; value: T },
    close: () => {
      db.close()
    },
  }
}
