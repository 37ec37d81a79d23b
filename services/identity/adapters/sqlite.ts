import { chmodSync, closeSync, fsyncSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import type { IdentityStore } from '../identity-store.ts'
import { sqliteAdmins } from './sqlite-admins.ts'
import { sqliteHandles } from './sqlite-handles.ts'
import { sqliteKeys } from './sqlite-keys.ts'
import { sqliteLinks } from './sqlite-links.ts'
import { sqliteProofs } from './sqlite-proofs.ts'
import { sqliteSessions } from './sqlite-sessions.ts'

/**
 * Opens, and makes if need be, `identity.db`.
 * @param file readable by its owner only: it holds password hashes and the signing key; `:memory:` keeps nothing
 * @param now milliseconds since the epoch
 */
export const openIdentityStore = (file: string, { now }: { now: () => number }): IdentityStore => {
  if (file !== ':memory:') makePrivate(file)
  const db = new Database(file)
  db.pragma('journal_mode = WAL')
  // SQLite's own default for WAL is NORMAL, which may forget a sign-out in a power cut.
  db.pragma('synchronous = FULL')
  // As for the log: what a failed sync left out is written once more before anything is put behind it.
  db.pragma('wal_checkpoint(TRUNCATE)')
  db.pragma('busy_timeout = 5000')
  db.pragma('foreign_keys = ON')
  const sessions = sqliteSessions(db, { now, holds: (user, by) => holds(user, by) })
  const handles = sqliteHandles(db, { now, ...sessions })
  const links = sqliteLinks(db, { now, ...handles })
  const holds = sqliteProofs(db)
  return {
    ...handles,
    ...links,
    ...sessions,
    ...sqliteAdmins(db, now),
    ...sqliteKeys(db, now),
    close: () => void db.close(),
  }
}

/** SQLite gives its WAL the mode of the database, so the file must be private before the first byte. */
const makePrivate = (file: string): void => {
  closeSync(openSync(file, 'a', 0o600))
  chmodSync(file, 0o600)
  const folder = openSync(dirname(file), 'r')
  fsyncSync(folder)
  closeSync(folder)
}
