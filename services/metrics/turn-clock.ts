/**
 * Milliseconds, monotonic, read once in a turn of the event loop: for what is timed twenty thousand times a second, since
 * a reading costs more than all else that is counted there. Off by at most a turn.
 */
export const turnClock = (now: () => number = () => performance.now()): (() => number) => {
  let read: number | undefined
  const forget = () => {
    read = undefined
  }
  return () => {
    if (read === undefined) {
      read = now()
      setImmediate(forget)
    }
    return read
  }
}
