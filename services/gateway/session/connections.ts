import type { UserId } from '@verbatim/protocol'
import type { Connection } from './connection.ts'

/** Every socket of this gateway: those that have not signed in yet, and those of each person. */
export interface Connections {
  readonly waiting: ReadonlySet<Connection>
  of(user: UserId): readonly Connection[]
  live(): Iterable<Connection>
  readonly liveCount: number
  readonly people: number
  /** Sockets that are behind with taking what was sent; looks at each. */
  lagging(): number
  /** Sockets that have not closed, those that are closing among them. */
  readonly open: number
  opened(connection: Connection): void
  /** From now on it is found under its person. */
  joined(connection: Connection, user: UserId): void
  /** From now on nothing is sent to it; it is not found any more. */
  left(connection: Connection, user: UserId | undefined): void
  closed(): void
}

const none: readonly Connection[] = []

export const connections = (): Connections => {
  const waiting = new Set<Connection>()
  const byUser = new Map<UserId, Connection[]>()
  let liveCount = 0
  let open = 0
  return {
    waiting,
    of: (user) => byUser.get(user) ?? none,
    *live() {
      for (const each of byUser.values()) yield* each
    },
    get liveCount() {
      return liveCount
    },
    get open() {
      return open
    },
    get people() {
      return byUser.size
    },
    lagging() {
      let count = 0
      for (const each of byUser.values()) for (const connection of each) if (connection.isLagging) count++
      return count
    },
    opened(connection) {
      open++
      waiting.add(connection)
    },
    closed() {
      open--
    },
    joined(connection, user) {
      waiting.delete(connection)
      const before = byUser.get(user)
      if (before) before.push(connection)
      else byUser.set(user, [connection])
      liveCount++
    },
    left(connection, user) {
      waiting.delete(connection)
      const mine = user === undefined ? undefined : byUser.get(user)
      if (user === undefined || !mine?.includes(connection)) return
      // A new array: whoever walks over the old one closes sockets while walking.
      const others = mine.filter((each) => each !== connection)
      if (others.length === 0) byUser.delete(user)
      else byUser.set(user, others)
      liveCount--
    },
  }
}
