/**
 * Where a histogram counts: a number for each bucket, one for what is above them all, and the sum. Shared memory when
 * another thread than the one that counts is to read it; then only one thread counts.
 */
export type Memory = Float64Array

export type Counted = {
  /** Upper bounds, rising; what is above the last one is counted last. */
  readonly bounds: readonly number[]
  /** One more than the bounds. */
  readonly counts: readonly number[]
  readonly sum: number
}

export const memoryFor = (bounds: readonly number[]): Memory =>
  new Float64Array(new SharedArrayBuffer((bounds.length + 2) * Float64Array.BYTES_PER_ELEMENT))

/**
 * Counts a value: a few comparisons and two additions, no object is made. A value on a bound belongs below it.
 * @param bounds rising, those of `memoryFor`
 */
export const histogram = (bounds: readonly number[], memory: Memory): ((value: number) => void) => {
  const limits = Float64Array.from(bounds)
  const sum = limits.length + 1
  return (value) => {
    let bucket = 0
    while (bucket < limits.length && value > (limits[bucket] ?? 0)) bucket++
    memory[bucket] = (memory[bucket] ?? 0) + 1
    memory[sum] = (memory[sum] ?? 0) + value
  }
}

/** What is counted so far. Read beside the thread that counts, the sum may be one value ahead or behind. */
export const countedIn = (bounds: readonly number[], memory: Memory): Counted => ({
  bounds,
  counts: [...memory.subarray(0, bounds.length + 1)],
  sum: memory[bounds.length + 1] ?? 0,
})
