import type { Position } from '../port.ts'

/** Shared by all threads: the position of the last committed event, as one 64-bit number. */
export type HeadSignal = SharedArrayBuffer
export const newHeadSignal = (): HeadSignal => new SharedArrayBuffer(8)

export const headOf = (signal: HeadSignal): Position => Number(Atomics.load(new BigInt64Array(signal), 0))

/** Stores the new head and wakes whoever waits for it. */
export const signalHead = (signal: HeadSignal, head: Position): void => {
  const view = new BigInt64Array(signal)
  Atomics.store(view, 0, BigInt(head))
  Atomics.notify(view, 0)
}

/** Resolves as soon as the head is beyond `after`, or after `patience` milliseconds. */
export const headBeyond = async (signal: HeadSignal, after: Position, patience: number): Promise<void> => {
  const view = new BigInt64Array(signal)
  const seen = Atomics.load(view, 0)
  if (Number(seen) > after) return
  // Compares and waits in one step: a head stored in between is not missed.
  const waiting = Atomics.waitAsync(view, 0, seen, patience)
  if (waiting.async) await waiting.value
}
