import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The wall clock of a server that is started with `env`: it goes on, and jumps when it is told. */
export type JumpingClock = {
  readonly env: Record<string, string>
  /** Milliseconds that it is ahead of the machine's from here on; behind it when negative. */
  set(ahead: number): void
  remove(): void
}

export const jumpingClock = (library: string | undefined): JumpingClock => {
  if (!library) throw new Error('there is no C compiler here, or it is not Linux')
  const folder = mkdtempSync(join(tmpdir(), 'verbatim-clock-'))
  const path = join(folder, 'ahead')
  const shared = openSync(path, 'w')
  const set = (ahead: number): void => {
    const nanoseconds = Buffer.alloc(8)
    nanoseconds.writeBigInt64LE(BigInt(ahead) * 1_000_000n)
    writeSync(shared, nanoseconds, 0, 8, 0)
  }
  set(0)
  return {
    env: { LD_PRELOAD: library, JUMPING_CLOCK: path },
    set,
    remove() {
      closeSync(shared)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
