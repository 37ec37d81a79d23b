import type { EventLog, Following, Position, Recorded } from '../port.ts'
import { type HeadSignal, headBeyond, headOf } from './head-signal.ts'
import type { LogReader } from './sqlite-reader.ts'

const PAGE = 1_000
/** Milliseconds after which a follower looks by itself, should a signal be lost. */
const LOOK_AGAIN = 1_000

/**
 * `follow` for threads with a reader of their own: reads on from `after`, sleeps at the head, wakes with the next commit.
 * What ends it (a handler that throws, CorruptEvent, UpgradeNeeded) rejects `ended`.
 */
export const followLog = (
  reader: Pick<LogReader, 'readAll'>,
  signal: HeadSignal,
  after: Position,
  onBatch: (events: readonly Recorded[]) => void | Promise<void>,
): Following => {
  let closed = false
  let close = () => {}
  const closing = new Promise<void>((resolve) => {
    close = resolve
  })
  const run = async () => {
    // The caller gets hold of it before the first batch.
    await null
    for (let position = after; !closed; ) {
      // Signalled after the commit: what is read now reaches at least to it.
      const head = headOf(signal)
      const events = reader.readAll(position, PAGE)
      position = Math.max(events.at(-1)?.position ?? 0, events.length < PAGE ? head : 0, position)
      if (events.length > 0) {
        await onBatch(events)
        // Lets the thread hear its messages between two pages.
        await new Promise((resolve) => setImmediate(resolve))
      } else await Promise.race([headBeyond(signal, position, LOOK_AGAIN), closing])
    }
  }
  return {
    ended: run(),
    close: async () => {
      closed = true
      close()
    },
  }
}

/** An event log that only reads, for a thread with a reader of its own. `close` ends its followers and the reader. */
export const readingLog = (reader: LogReader, signal: HeadSignal): Omit<EventLog, 'append'> => {
  const followings = new Set<Following>()
  return {
    log: reader.log,
    read: async (...args) => reader.read(...args),
    last: async (...args) => reader.last(...args),
    find: async (...args) => reader.find(...args),
    readAll: async (...args) => reader.readAll(...args),
    head: async () => reader.head(),
    follow(after, onBatch) {
      const following = followLog(reader, signal, after, onBatch)
      followings.add(following)
      const forget = () => followings.delete(following)
      following.ended.then(forget, forget)
      return following
    },
    async close() {
      for (const following of followings) await following.close()
      reader.close()
    },
  }
}
