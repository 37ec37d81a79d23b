import { fsyncSync, openSync } from 'node:fs'
import type Database from 'better-sqlite3'

/** Pages in the WAL from which on they are moved: 16 MB. That is rare, and still takes milliseconds, not tens of them. */
export const CHECKPOINT_AT = 1_000

type Told = { readonly log: number; readonly checkpointed: number }

/**
 * Moves what is committed from the WAL into the file, which SQLite would do within a commit, whose senders wait for it.
 * Nor does SQLite sync what it moves while a reader keeps it from moving all of it. Were that left so, a later sync
 * that fails could take it away: the kernel takes a page that it could not write for written, and nobody moves it again.
 * @param sync of the file, for tests
 */
export const checkpoints = (db: Database.Database, sync: (file: number) => void = fsyncSync) => {
  const inWal = db.prepare<[], Told>('PRAGMA wal_checkpoint(NOOP)')
  const move = db.prepare<[], Told>('PRAGMA wal_checkpoint(PASSIVE)')
  let file: number | undefined
  const syncFile = (): void => {
    // Never closed: with any descriptor of a file its process loses the locks that SQLite holds on it.
    file ??= openSync(db.name, 'r')
    sync(file)
  }

  return {
    /**
     * @returns false when it was due and failed: everything is where it was, and the next time it is tried anew
     * @throws when what was moved cannot be synced: only a process that starts afresh moves it once more
     */
    runWhenDue: (): boolean => {
      const before = toldBy(inWal)
      if (before && (before.log < CHECKPOINT_AT || before.checkpointed === before.log)) return true
      const after = toldBy(move)
      if (!before || !after) return false
      if (after.checkpointed > before.checkpointed && after.checkpointed < after.log) syncFile()
      return true
    },
  }
}

/** Undefined when it failed: SQLite then counts nothing as moved. */
const toldBy = (statement: Database.Statement<[], Told>): Told | undefined => {
  try {
    return statement.get()
  } catch {
    return undefined
  }
}
