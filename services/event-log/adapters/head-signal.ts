import type { Position } from '../port.ts'

/** Shared by all threads: the position of the last committed event, as one 64-bit number. */
export type HeadSignal = SharedArrayBuffer
export const newHeadSignal = (): HeadSignal => new SharedArrayBuffer(8)

export const headOf = (signal: HeadSignal): Position => Number(Atomics.load(new BigInt64Array(signal), 0))

/** Stores the new head and wakes whoever waits for it. */
export const signalHead = (signal: HeadSignal, head: Position): void => {
  storeHead(signal, head)
  Atomics.notify(new BigInt64Array(signal), 0)
}

const storeHead = (signal: HeadSignal, head: Position): void => {
  Atomics.store(new BigInt64Array(signal), 0, BigInt(head))
}

/** Milliseconds between two wakings: each costs the writer more than a message, and one event a batch costs the follower. */
const REST = 10

/** Signals each head, but wakes at most every ten milliseconds; whoever looks meanwhile finds the newest. */
export interface HeadTeller {
  tell(head: Position): void
  close(): void
}

/** @param now milliseconds, monotonic */
export const headTeller = (signal: HeadSignal, now: () => number): HeadTeller => {
  let woken = Number.NEGATIVE_INFINITY
  let waiting: NodeJS.Timeout | undefined
  const wake = () => {
    waiting = undefined
    woken = now()
    Atomics.notify(new BigInt64Array(signal), 0)
  }
  return {
    tell(head) {
      storeHead(signal, head)
      if (waiting) return
      if (now() - woken >= REST) wake()
      else waiting = setTimeout(wake, REST)
    },
    close: () => clearTimeout(waiting),
  }
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
