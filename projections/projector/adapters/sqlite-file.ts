import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import Database from 'better-sqlite3'
import type { Projection } from '../port.ts'

export type Db = Database.Database

/**
 * The file of a model: `<folder>/<projection>_v<n>.db`. The first is numbered by the version of its projection, each that
 * a rebuild fills is one more, see `servingOf`; which version made it stands within.
 */
export const modelFile = (folder: string, { name, version }: Pick<Projection<never>, 'name' | 'version'>): string =>
  join(folder, `${name}_v${version}.db`)

/**
 * How a model is opened for writing. `serving`: made anew when its tables are not those of its projection. `older`: the
 * same, but its tables stay as they are. `filling`: nobody reads it yet and it is worth nothing after a crash, so nothing
 * waits for the disk until `finishModel`.
 */
export type Manner = 'serving' | 'older' | 'filling'

/** Opens a model for writing. One that cannot be read is thrown away: it is made again from the log. */
export const openForWriting = (file: string, manner: Manner = 'serving'): Db => {
  try {
    return opened(file, manner)
  } catch (error) {
    if (!isBroken(error)) throw error
    for (const suffix of besides) rmSync(`${file}${suffix}`, { force: true })
    return opened(file, manner)
  }
}

/** A model in memory: whoever is to read it is handed the same one. */
export const inMemory = (): Db => new Database(':memory:')

/** What the files of a model end with, itself first. */
export const besides = ['', '-journal', '-wal', '-shm'] as const

/** What a model is called until it is whole: whatever has the name of a model can serve. */
export const unfinished = (file: string): string => `${file}.filling`

/** Gives a model that was filled and is closed its name, when it is on the disk. */
export const finishModel = (file: string): void => {
  sync(unfinished(file))
  renameSync(unfinished(file), file)
  sync(dirname(file))
}

const sync = (path: string): void => {
  const opened = openSync(path, 'r')
  try {
    fsyncSync(opened)
  } finally {
    closeSync(opened)
  }
}

/**
 * The version of the projection that made a model; undefined when there is none, or none that can be read. A model that
 * does not say is of the first version, from before it was written down.
 */
export const modelVersion = (file: string): number | undefined => {
  if (!existsSync(file)) return undefined
  try {
    const db = readable(file)
    if (!db) return undefined
    const version = db.prepare("SELECT value FROM meta WHERE key = 'version'").pluck().get()
    db.close()
    return Number(version ?? 1)
  } catch (error) {
    if (!isSqliteError(error)) throw error
    return undefined
  }
}

/** How far a model has come, and in which log; undefined when there is none, or none that can be read. */
export const modelReached = (file: string): { position: number; log: string } | undefined => {
  if (!existsSync(file)) return undefined
  try {
    const db = readable(file)
    if (!db) return undefined
    const value = db.prepare<[string], string | number>('SELECT value FROM meta WHERE key = ?').pluck()
    const [position, log] = [value.get('position'), value.get('log')]
    db.close()
    return position === undefined || log === undefined ? undefined : { position: Number(position), log: String(log) }
  } catch (error) {
    if (!isSqliteError(error)) throw error
    return undefined
  }
}

const opened = (file: string, manner: Manner): Db => {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  // Made before SQLite does, which would let everybody read it; the WAL takes the mode of the file.
  closeSync(openSync(file, 'a', 0o600))
  const db = new Database(file, { timeout: 250 })
  try {
    db.pragma(`journal_mode = ${manner === 'filling' ? 'MEMORY' : 'WAL'}`)
    // Power loss may take the last commits: position and writes go together, and the log has it all.
    db.pragma(`synchronous = ${manner === 'filling' ? 'OFF' : 'NORMAL'}`)
    db.pragma(`cache_size = ${manner === 'filling' ? -64_000 : -8_000}`)
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
