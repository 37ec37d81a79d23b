import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'

/**
 * Makes the data folder (mode 0700) when it is not there and takes it for this process, until `release` or the end of
 * the process, however it ends: the lock is the kernel's.
 * @param pid of this process, told to whoever comes second
 * @throws Error with one sentence for people when another process holds the folder
 */
export const lockDataFolder = (folder: string, pid: number = process.pid): { release(): void } => {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, 'lock')
  closeSync(openSync(file, 'a', 0o600))
  syncFolder(folder)
  syncFolder(dirname(folder))
  const db = new Database(file, { timeout: 0 })
  try {
    take(db, pid)
  } catch (error) {
    const holder = isBusy(error) ? holderOf(db) : undefined
    db.close()
    if (holder === undefined) throw error
    throw new Error(
      `another Verbatim process${holder} is using ${folder}: stop it first, or set DATA to another folder`,
    )
  }
  return { release: () => db.close() }
}

/** A new folder that is not synced could vanish with the power, and the log with it. */
const syncFolder = (folder: string): void => {
  const handle = openSync(folder, 'r')
  fsyncSync(handle)
  closeSync(handle)
}

const take = (db: Database.Database, pid: number): void => {
  db.exec('CREATE TABLE IF NOT EXISTS holder (pid INTEGER NOT NULL)')
  db.exec('BEGIN IMMEDIATE')
  db.exec('DELETE FROM holder')
  db.prepare('INSERT INTO holder VALUES (?)').run(pid)
  db.exec('COMMIT')
  // Held from here on. It keeps other writers out but lets them read who holds it; whoever slips in before it wins.
  db.exec('BEGIN IMMEDIATE')
}

const isBusy = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY'

const holderOf = (db: Database.Database): string => {
  try {
    const pid = db.prepare('SELECT pid FROM holder').pluck().get()
    return typeof pid === 'number' ? ` (pid ${pid})` : ''
  } catch {
    return ''
  }
}
