import type { Connection } from './connection.ts'

/**
 * What is said to single sockets in one turn. It leaves at the end of the turn, for each socket in one write: a write
 * costs more than all that a message takes besides.
 */
export interface Outbox {
  /** Stands behind everything that was sent to it before, and before everything that will be. */
  say(connection: Connection, text: string): void
  /** What waits leaves now: before something goes out by another way that must not overtake it. */
  flush(): void
}

export const outbox = (): Outbox => {
  let waiting: Connection[] = []
  const flush = () => {
    const now = waiting
    waiting = []
    for (const connection of now) connection.flush()
  }
  return {
    say(connection, text) {
      if (!connection.open) return
      if (connection.outgoing) connection.outgoing.push(text)
      else {
        connection.outgoing = [text]
        waiting.push(connection)
        // Behind every promise of this turn: the answers of one commit come one after another in it.
        if (waiting.length === 1) queueMicrotask(() => process.nextTick(flush))
      }
    },
    flush,
  }
}
