import type { PublicEvent } from '@verbatim/protocol'

/** What the socket told of one conversation: how far without a gap, and the newest events themselves. */
export type Feed = {
  /** Last revision received in order; -1 before any. */
  readonly seen: number
  /** The last events in order, to be applied again over pages that may be older. */
  readonly lately: readonly PublicEvent[]
  /** Events beyond a gap, held until it is closed. */
  readonly held: readonly PublicEvent[]
}

/** A read model is at most this many events behind the socket. */
const LATELY = 500

export const feedFrom = (seen: number): Feed => ({ seen, lately: [], held: [] })

/**
 * Takes a delivery: what was seen is dropped, what follows is fresh, what lies beyond a gap is held.
 * @returns the next feed, the events to apply now in order, and whether the range after `seen` must be asked for
 */
export const receive = (
  feed: Feed,
  events: readonly PublicEvent[],
): { feed: Feed; fresh: readonly PublicEvent[]; gap: boolean } => {
  const waiting = [...feed.held, ...events].sort((a, b) => a.revision - b.revision)
  const fresh: PublicEvent[] = []
  const held: PublicEvent[] = []
  let seen = feed.seen
  for (const event of waiting) {
    if (event.revision === seen + 1) {
      fresh.push(event)
      seen = event.revision
    } else if (event.revision > seen && held.at(-1)?.revision !== event.revision) held.push(event)
  }
  const lately = fresh.length === 0 ? feed.lately : [...feed.lately, ...fresh].slice(-LATELY)
  return { feed: { seen, lately, held }, fresh, gap: held.length > 0 }
}
