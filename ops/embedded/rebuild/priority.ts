import { readlinkSync } from 'node:fs'
import { setPriority } from 'node:os'

/** Nice value of work that must not be noticed. */
const LOW = 10

/** Puts this thread, and not its process, behind everything else that wants a processor; on Linux, elsewhere nothing. */
export const standBack = (): void => {
  try {
    // `<pid>/task/<thread>`: read in the thread that asks, hence not by a promise.
    const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1))
    if (Number.isSafeInteger(thread) && thread > 0) setPriority(thread, LOW)
  } catch {
    // A rebuild that is noticed is better than none.
  }
}
