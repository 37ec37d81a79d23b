import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A library that stands between a process and the C library: what tests of such a fault begin with. */
export type Preload = {
  /** Path of the compiled library; undefined where it cannot be made. */
  readonly library: string | undefined
  /** Whether to run the tests: with CI=true a machine on which it cannot be made fails them. */
  readonly run: boolean
  remove(): void
}

/** @param what it does, in the words of who reads that it was left out */
export const preloadOf = (source: URL, what: string): Preload => {
  const folder = mkdtempSync(join(tmpdir(), 'verbatim-cc-'))
  const library = compiled(fileURLToPath(source), folder)
  if (!library) console.log(`left out, ${what}: they take Linux and a C compiler, apt-get install gcc libc6-dev`)
  return {
    library,
    run: library !== undefined || process.env.CI === 'true',
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

const compiled = (source: string, folder: string): string | undefined => {
  if (process.platform !== 'linux') return undefined
  const library = join(folder, `${basename(source, '.c')}.so`)
  const { status } = spawnSync('cc', ['-shared', '-fPIC', '-O1', '-o', library, source, '-ldl', '-lpthread'])
  return status === 0 ? library : undefined
}
