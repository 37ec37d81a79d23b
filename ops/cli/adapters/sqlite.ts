import { closeSync, fsyncSync, openSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { sentenceOf } from '../../sentence.ts'

/** Pages of a step: 16 MB, between which the process hears signals. */
const STEP = 4_096

/**
 * Copies a database as it is at one moment, whoever writes to it meanwhile, and syncs the copy: one file that needs no
 * other beside it.
 * @param onProgress bytes
 */
export const copyDatabase = async (
  from: string,
  to: string,
  onProgress: (done: number, total: number) => void = () => undefined,
): Promise<void> => {
  const db = new Database(from, { readonly: true, fileMustExist: true, timeout: 1_000 })
  try {
    // With a reading under way the copy is of that moment. Without, it would begin anew with each commit of the server.
    db.exec('BEGIN')
    db.prepare('SELECT count(*) FROM sqlite_schema').get()
    const size = Number(db.pragma('page_size', { simple: true }))
    // SQLite makes the copy with the mode that the process gives new files.
    closeSync(openSync(to, 'wx', 0o600))
    await db.backup(to, {
      progress: ({ totalPages, remainingPages }) => {
        onProgress((totalPages - remainingPages) * size, totalPages * size)
        return STEP
      },
    })
  } finally {
    db.close()
  }
  const copy = new Database(to)
  copy.pragma('journal_mode = DELETE')
  copy.close()
  syncFile(to)
}

/** On the disk, and not only on its way: a file, or the names in a folder. */
export const syncFile = (path: string): void => {
  const handle = openSync(path, 'r')
  fsyncSync(handle)
  closeSync(handle)
}

/** What SQLite finds wrong with a file, or why it cannot even look. */
export const brokenParts = (file: string): string[] => {
  try {
    const db = new Database(file, { readonly: true, fileMustExist: true, timeout: 1_000 })
    try {
      const found = db.prepare<[], string>('PRAGMA integrity_check(20)').pluck().all()
      return found.filter((line) => line !== 'ok').map(oneLine)
    } finally {
      db.close()
    }
  } catch (error) {
    return [oneLine(sentenceOf(error))]
  }
}

/** How a model's file is laid out: its tables and indexes, and what its projection said of them when it made it. */
export const layoutOf = (file: string): string => {
  const db = new Database(file, { readonly: true, fileMustExist: true })
  try {
    const made = db
      .prepare("SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%' ORDER BY 1, 2")
      .all()
    const said = db.prepare("SELECT value FROM meta WHERE key = 'schema'").pluck().get()
    return JSON.stringify([made, said])
  } finally {
    db.close()
  }
}

export const sqliteVersion = (): string => {
  const db = new Database(':memory:')
  const version = String(db.prepare('SELECT sqlite_version()').pluck().get())
  db.close()
  return version
}

const oneLine = (text: string): string => text.trim().replaceAll(/\s*\n\s*/g, '; ')

/**
 * The process that took the folder last, if there is still one of that number. Read beside whoever holds the lock, so
 * nobody who starts meanwhile is kept out by the look.
 */
export const lastHolder = (folder: string): number | undefined => {
  try {
    const db = new Database(join(folder, 'lock'), { readonly: true, fileMustExist: true, timeout: 0 })
    try {
      const pid = db.prepare<[], number>('SELECT pid FROM holder').pluck().get()
      return pid !== undefined && isThere(pid) ? pid : undefined
    } finally {
      db.close()
    }
  } catch {
    return undefined
  }
}

const isThere = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // Somebody else's process is one, too.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
