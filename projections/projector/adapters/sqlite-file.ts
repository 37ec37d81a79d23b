import { closeSync, existsSync, mkdirSync, openSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import Database from 'better-sqlite3'
import type { Projection } from '../port.ts'

export type Db = Database.Database

/** The file of a model: `<folder>/<projection>_v<version>.db`. */
export const modelFile = (folder: string, { name, version }: Pick<Projection<never>, 'name' | 'version'>): string =>
  join(folder, `${name}_v${version}.db`)

/** Opens a model for writing. One that cannot be read is thrown away: it is made again from the log. */
export const openForWriting = (file: string): Db => {
  try {
    return opened(file)
  } catch (error) {
    if (!isBroken(error)) throw error
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true })
    return opened(file)
  }
}

const opened = (file: string): Db => {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  // Made before SQLite does, which would let everybody read it; the WAL takes the mode of the file.
  closeSync(openSync(file, 'a', 0o600))
  const db = new Database(file, { timeout: 250 })
  try {
    db.pragma('journal_mode = WAL')
    // Power loss may take the last commits: position and writes go together, and the log has it all.
    db.pragma('synchronous = NORMAL')
    db.pragma('cache_size = -8000')
    db.pragma('journal_size_limit = 67108864')
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** Opens a model for reading once its projector has made it. */
export const openForReading = async (file: string, patience: number): Promise<Db> => {
  for (let waited = 0; ; waited += 20) {
    const db = existsSync(file) ? readable(file) : undefined
    if (db) return db
    if (waited >= patience) throw new Error(`the model ${file} was not made within ${patience} ms`)
    await setTimeout(20)
  }
}

const readable = (file: string): Db | undefined => {
  const db = new Database(file, { readonly: true, timeout: 1_000 })
  try {
    if (db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'meta'").get()) {
      db.pragma('cache_size = -8000')
      return db
    }
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error
  }
  db.close()
  return undefined
}

export const isSqliteError = (error: unknown): error is { code: string; message: string } =>
  error instanceof Database.SqliteError
const isBroken = (error: unknown): boolean =>
  isSqliteError(error) && (error.code.startsWith('SQLITE_CORRUPT') || error.code === 'SQLITE_NOTADB')
