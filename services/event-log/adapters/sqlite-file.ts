import { closeSync, openSync } from 'node:fs'
import Database from 'better-sqlite3'

/** Earlier versions can lose committed pages when a checkpoint restarts the WAL while another connection reads. */
const OLDEST_SQLITE = [3, 51, 3] as const
/** Version of the tables below. */
const TABLES = '1'

/** Opens the file for writing and makes it when it is not there: mode 0600, WAL, every commit fsynced. */
export const openForWriting = (file: string, newLogId: () => string): { db: Database.Database; log: string } => {
  // Made before SQLite does, which would let everybody read it; the WAL takes the mode of the file.
  closeSync(openSync(file, 'a', 0o600))
  const db = new Database(file, { timeout: 0 })
  return closedOnFailure(db, () => {
    assertSqlite(versionOf(db))
    // Takes effect in a new file only. Events lie one behind the other, and each page costs two writes: larger ones are fewer.
    db.pragma('page_size = 16384')
    db.pragma('journal_mode = WAL')
    // In WAL mode this driver's default is NORMAL, which loses acknowledged events with the power.
    db.pragma('synchronous = FULL')
    // A kernel shows what it could not write as if it were on the disk, and SQLite would take it for committed after a
    // restart: it is written once more and synced, and the WAL begins anew, before anything is answered or put behind it.
    db.pragma('wal_checkpoint(TRUNCATE)')
    db.pragma('cache_size = -16000')
    // `checkpoints` does it, behind the answers.
    db.pragma('wal_autocheckpoint = 0')
    // A long read may let the WAL grow; afterwards it shrinks again.
    db.pragma('journal_size_limit = 67108864')
    return { db, log: db.transaction(() => prepareTables(db, newLogId)).immediate() }
  })
}

/** Opens a log that is there, for reading only. */
export const openForReading = (file: string): { db: Database.Database; log: string } => {
  const db = new Database(file, { readonly: true, fileMustExist: true, timeout: 1_000 })
  return closedOnFailure(db, () => {
    assertSqlite(versionOf(db))
    db.pragma('cache_size = -4000')
    assertTables(metaOf(db, 'tables'))
    return { db, log: metaOf(db, 'log') ?? '' }
  })
}

/** Gives a log another id, as after a restore: whoever remembers the old one, a client or a model, begins afresh. */
export const renameLog = (file: string, newLogId: () => string): string => {
  const { db } = openForWriting(file, newLogId)
  try {
    const log = newLogId()
    db.prepare("UPDATE meta SET value = ? WHERE key = 'log'").run(log)
    return log
  } finally {
    db.close()
  }
}

/** What is done first with an opened file: closes it when that fails, and says so when the file is damaged. */
export const closedOnFailure = <T>(db: Database.Database, prepare: () => T): T => {
  try {
    return prepare()
  } catch (error) {
    db.close()
    if (!isDamaged(error)) throw error
    throw new Error(`the log ${db.name} is damaged (${error.message}): restore it from a backup`, { cause: error })
  }
}

/** Whether SQLite found a page that is none. */
export const isDamaged = (error: unknown): error is Error =>
  error instanceof Error &&
  'code' in error &&
  typeof error.code === 'string' &&
  /^SQLITE_(CORRUPT|NOTADB)/.test(error.code)

/** @throws when `version` (`3.51.3`) is older than the log needs */
export const assertSqlite = (version: string): void => {
  const numbers = version.split('.').map(Number)
  const different = OLDEST_SQLITE.findIndex((oldest, at) => numbers[at] !== oldest)
  if (different === -1 || (numbers[different] ?? 0) > (OLDEST_SQLITE[different] ?? 0)) return
  throw new Error(
    `SQLite ${version} is older than ${OLDEST_SQLITE.join('.')}, before which a log can lose committed pages: install a newer better-sqlite3`,
  )
}

const versionOf = (db: Database.Database): string => String(db.prepare('SELECT sqlite_version()').pluck().get())

const metaOf = (db: Database.Database, key: string): string | undefined => {
  const value = db.prepare('SELECT value FROM meta WHERE key = ?').pluck().get(key)
  return typeof value === 'string' ? value : undefined
}

const assertTables = (found: string | undefined): void => {
  if (found !== TABLES) throw new Error(`the log’s tables are of version ${found}, this process knows ${TABLES}`)
}

const prepareTables = (db: Database.Database, newLogId: () => string): string => {
  const made = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'meta'").get()
  if (!made) {
    db.exec(SCHEMA)
    const put = db.prepare('INSERT INTO meta (key, value) VALUES (?, ?)')
    put.run('tables', TABLES)
    put.run('log', newLogId())
  }
  assertTables(metaOf(db, 'tables'))
  return metaOf(db, 'log') ?? ''
}

// `position` is AUTOINCREMENT, or it would be used again once the highest row is compacted away.
// The indexes are tables of their own, filled some thousand events later: entries of many streams lie far apart, and
// each would cost a page of WAL in the commit of its event. Up to `filed` they are whole; what comes after is few and
// kept in memory. A compacted row may leave an entry behind until then, which leads nowhere.
// There is none over `id`, which is random: it is found by its command, a ULID, so what is recent lies together.
const SCHEMA = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE streams (stream INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE events (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    stream   INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    id       BLOB NOT NULL,
    type     TEXT NOT NULL,
    schema   INTEGER NOT NULL,
    actor    TEXT NOT NULL,
    session  TEXT NOT NULL,
    command  TEXT NOT NULL,
    causedBy BLOB,
    digest   TEXT NOT NULL,
    at       INTEGER NOT NULL,
    trace    TEXT,
    data     TEXT NOT NULL,
    checksum INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE revisions (
    stream INTEGER, revision INTEGER, position INTEGER NOT NULL, PRIMARY KEY (stream, revision)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE commands (
    stream INTEGER, command TEXT, position INTEGER, PRIMARY KEY (stream, command, position)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE filed (position INTEGER NOT NULL) STRICT;
  INSERT INTO filed VALUES (0);
`
