import type { Position } from '../port.ts'

/**
 * Shared by all threads, two 64-bit numbers: the position of the last committed event, and the greatest that somebody
 * waits for in a read model.
 */
export type HeadSignal = SharedArrayBuffer
export const newHeadSignal = (): HeadSignal => new SharedArrayBuffer(16)
const WANTED = 1

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

/** Somebody waits until a model has come to `position`: whoever rests before it goes on. */
export const want = (signal: HeadSignal, position: Position): void => {
  const view = new BigInt64Array(signal)
  if (Number(Atomics.load(view, WANTED)) >= position) return
  Atomics.store(view, WANTED, BigInt(position))
  Atomics.notify(view, WANTED)
}

/** Resolves when somebody waits for more than `after`, or after so many milliseconds. */
export const wantedBeyond = (signal: HeadSignal, after: Position, patience: number): Promise<void> =>
  beyond(signal, WANTED, { after, patience })

/** Resolves as soon as the head is beyond `after`, or after `patience` milliseconds. */
export const headBeyond = (signal: HeadSignal, after: Position, patience: number): Promise<void> =>
  beyond(signal, 0, { after, patience })

const beyond = async (
  signal: HeadSignal,
  which: number,
  { after, patience }: { after: Position; patience: number },
): Promise<void> => {
  const view = new BigInt64Array(signal)
  const seen = Atomics.load(view, which)
  if (Number(seen) > after) return
  // Compares and waits in one step: a number stored in between is not missed.
  const waiting = Atomics.waitAsync(view, which, seen, patience)
  if (waiting.async) await waiting.value
}
