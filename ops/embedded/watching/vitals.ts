import { performance } from 'node:perf_hooks'
import { getHeapStatistics } from 'node:v8'

/** What a thread tells about itself, in memory that all threads share: a few numbers, and no message for them. */
export type Vitals = SharedArrayBuffer
const FIELDS = 4
const [BEAT, BUSY, HEAP, OUTSIDE] = [0, 1, 2, 3]

export type Vital = {
  /** Milliseconds since the epoch, when its event loop last turned; 0 before the first time. */
  readonly beat: number
  /** Seconds in which its event loop did not wait. */
  readonly busy: number
  /** Bytes of JavaScript objects, and of what they hold outside of the heap. */
  readonly heap: number
  readonly outside: number
}

/** Milliseconds between two beats. */
const EVERY = 250
/** So many beats between two looks at the heap, which cost more than a beat. */
const HEAP_EVERY = 4

export const newVitals = (): Vitals => new SharedArrayBuffer(FIELDS * Float64Array.BYTES_PER_ELEMENT)

export const vitalOf = (vitals: Vitals): Vital => {
  const [beat = 0, busy = 0, heap = 0, outside = 0] = new Float64Array(vitals)
  return { beat, busy, heap, outside }
}

/**
 * To be called in a thread: it beats as long as its event loop turns, and holds nothing up. What is returned is a beat
 * by hand, for a loop that takes its messages without turning.
 */
export const beating = (vitals: Vitals, now: () => number = Date.now): { beat(): void; stop(): void } => {
  const fields = new Float64Array(vitals)
  let beats = 0
  const beat = () => {
    fields[BEAT] = now()
  }
  const look = () => {
    beat()
    fields[BUSY] = performance.eventLoopUtilization().active / 1_000
    if (beats++ % HEAP_EVERY > 0) return
    const { used_heap_size: heap, external_memory: outside } = getHeapStatistics()
    fields[HEAP] = heap
    fields[OUTSIDE] = outside
  }
  look()
  const timer = setInterval(look, EVERY)
  timer.unref()
  return { beat, stop: () => clearInterval(timer) }
}
