/** So many a second on the long run, and `burst` at once, counted per key. */
export interface Buckets<Key> {
  /** Seconds to wait, or 0 when it may be done; it then counts. */
  take(key: Key): number
  /** Forgets those that are full again. */
  sweep(): void
}

/** @param now milliseconds since the epoch */
export const buckets = <Key>(
  { perSecond, burst }: { perSecond: number; burst: number },
  now: () => number,
): Buckets<Key> => {
  const filled = new Map<Key, { tokens: number; at: number }>()
  return {
    take(key) {
      const time = now()
      const bucket = filled.get(key)
      if (!bucket) {
        filled.set(key, { tokens: burst - 1, at: time })
        return 0
      }
      // A clock that steps back gives nothing and takes nothing.
      bucket.tokens = Math.min(burst, bucket.tokens + (Math.max(0, time - bucket.at) / 1_000) * perSecond)
      bucket.at = time
      if (bucket.tokens < 1) return Math.max(1, Math.ceil((1 - bucket.tokens) / perSecond))
      bucket.tokens--
      return 0
    },
    sweep() {
      const fullAgain = now() - (burst / perSecond) * 1_000
      for (const [key, { at }] of filled) if (at <= fullAgain) filled.delete(key)
    },
  }
}
