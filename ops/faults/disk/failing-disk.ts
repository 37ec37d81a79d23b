import { closeSync, mkdirSync, mkdtempSync, openSync, readSync, realpathSync, rmSync, writeSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Preload, preloadOf } from '../preload.ts'

/** Which calls fail: a sum of these. */
export const WRITE = 1
export const SYNC = 2
export const TRUNCATE = 4

export type Fault = {
  readonly kinds: number
  readonly error: 'EIO' | 'ENOSPC'
  /** Of the files that it is about, as a shell matches it: `log.db*`. All of them without it. */
  readonly files?: string
  /** So many calls still succeed, then `times` fail. */
  readonly after?: number
  readonly times?: number
}

/** A disk under a data folder, for a server that is started with `env`. */
export type FailingDisk = {
  readonly data: string
  /** Where what a power cut takes back is kept. */
  readonly journal: string
  readonly env: Record<string, string>
  fail(fault: Fault): void
  /** Nothing fails from here on. Calls of the last fault are still told. */
  heal(): void
  /** Calls that matched the last fault, and how many of them failed. */
  told(): { readonly calls: number; readonly failed: number }
  remove(): void
}

// Of `struct control` in failing-disk.c.
const CONTROL_BYTES = 128
const NAME_AT = 24

/** What tests of such disks begin with. */
export const disksHere = (): Preload => preloadOf(new URL('failing-disk.c', import.meta.url), 'disks that fail')

/** @param given.syncTakes milliseconds; what was written meanwhile is lost with the power */
export const failingDisk = (
  library: string | undefined,
  { syncTakes = 0, forgets = false }: { readonly syncTakes?: number; readonly forgets?: boolean } = {},
): FailingDisk => {
  if (!library) throw new Error('there is no C compiler here, or it is not Linux')
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'verbatim-failing-')))
  const [data, journal, control] = [join(folder, 'data'), join(folder, 'journal'), join(folder, 'control')]
  mkdirSync(data, { mode: 0o700 })
  mkdirSync(journal)
  const shared = openSync(control, 'w+')
  writeSync(shared, Buffer.alloc(CONTROL_BYTES))
  const numbers = (): Buffer => {
    const read = Buffer.alloc(NAME_AT)
    readSync(shared, read, 0, read.length, 0)
    return read
  }
  const heal = (): void => void writeSync(shared, Buffer.alloc(4), 0, 4, 0)
  return {
    data,
    journal,
    env: {
      LD_PRELOAD: library,
      FAILING_DISK_FOLDER: data,
      FAILING_DISK_CONTROL: control,
      FAILING_DISK_SYNC_US: `${syncTakes * 1_000}`,
      ...(forgets && { FAILING_DISK_JOURNAL: journal }),
    },
    fail({ kinds, error, files = '*', after = 0, times = 1 }) {
      heal()
      const told = Buffer.alloc(CONTROL_BYTES)
      for (const [at, value] of [kinds, constants.errno[error], after, times].entries())
        told.writeInt32LE(value, at * 4)
      told.write(files, NAME_AT)
      // The kinds go last: until they are there nothing fails.
      writeSync(shared, told, 4, CONTROL_BYTES - 4, 4)
      writeSync(shared, told, 0, 4, 0)
    },
    heal,
    told: () => ({ calls: numbers().readInt32LE(16), failed: numbers().readInt32LE(20) }),
    remove() {
      closeSync(shared)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
