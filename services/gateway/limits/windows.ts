/** At most so many attempts in any stretch of `within` milliseconds, counted per key. */
export interface Windows {
  /** Seconds to wait, or 0 when this attempt may be made; it then counts. */
  take(key: string): number
  /** The attempt turned out harmless: it does not count. */
  giveBack(key: string): void
}

/** Keys beyond this push out those that were tried longest ago: a flood of made-up names must not fill the memory. */
const KEYS_AT_MOST = 100_000

/** @param now milliseconds since the epoch */
export const windows = ({ attempts, within }: { attempts: number; within: number }, now: () => number): Windows => {
  const times = new Map<string, number[]>()
  return {
    take(key) {
      const time = now()
      const recent = (times.get(key) ?? []).filter((at) => at > time - within && at <= time)
      const first = recent[0]
      if (first !== undefined && recent.length >= attempts)
        return Math.max(1, Math.ceil((first + within - time) / 1_000))
      recent.push(time)
      // Set anew, so that the map stays in the order of last attempts.
      times.delete(key)
      times.set(key, recent)
      forgetOldest(times)
      return 0
    },
    giveBack(key) {
      const recent = times.get(key)
      recent?.pop()
      if (recent?.length === 0) times.delete(key)
    },
  }
}

const forgetOldest = (times: Map<string, unknown>): void => {
  if (times.size <= KEYS_AT_MOST) return
  for (const oldest of times.keys()) {
    times.delete(oldest)
    return
  }
}
