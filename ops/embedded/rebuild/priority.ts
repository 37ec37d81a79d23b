import { readlinkSync } from 'node:fs'
import { setPriority } from 'node:os'

/** Nice values: of work that others wait for, but not as they wait for a socket, and of work that must not be noticed. */
const places = { behind: 10, last: 15 } as const

/** Puts this thread, and not its process, behind what else wants a processor; on Linux, elsewhere nothing. */
export const standBack = (place: keyof typeof places): void => {
  try {
    // `<pid>/task/<thread>`: read in the thread that asks, hence not by a promise.
    const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1))
    if (Number.isSafeInteger(thread) && thread > 0) setPriority(thread, places[place])
  } catch {
    // A rebuild that is noticed is better than none.
  }
}
