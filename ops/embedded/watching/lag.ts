import type { Position } from '@verbatim/services/event-log'

/** How long ago the log was where somebody is now. */
export interface Lag {
  /** To be called every second or so. */
  note(head: Position): void
  /** Seconds since the head went beyond `position`, to about a second; 0 at the head. */
  behind(position: Position, head: Position): number
}

/** Notes that are kept: with one a second, ten minutes. Who is further behind is told as so much, at least. */
const KEPT = 600

/** @param now milliseconds, monotonic */
export const lag = (now: () => number): Lag => {
  let notes: { readonly at: number; readonly head: Position }[] = []
  return {
    note(head) {
      notes.push({ at: now(), head })
      if (notes.length > 2 * KEPT) notes = notes.slice(-KEPT)
    },
    behind(position, head) {
      if (position >= head) return 0
      const first = notes.find((note) => note.head > position)
      return first ? (now() - first.at) / 1_000 : 0
    },
  }
}
