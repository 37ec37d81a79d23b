import type { GatewayIdentity } from '../parts.ts'
import type { Connection } from './connection.ts'
import type { Connections } from './connections.ts'
import type { Happening } from './session.ts'

export type WatchParts = {
  readonly everybody: Connections
  readonly identity: GatewayIdentity
  now(): number
  happen(connection: Connection, happening: Happening): void
}

/** Seconds between two looks at every session, for the case that the news of its end was missed. */
const RECHECK = 60

/** Looks over many from time to time, instead of a timer for each. */
export interface Watch {
  /** Who has not said hello in time, or is not let in. Four times a second, so that a limit of seconds holds. */
  newcomers(): void
  /** Who is live. Once a second. */
  everybody(): void
}

export const watch = ({ everybody, identity, now, happen }: WatchParts): Watch => {
  let seconds = 0
  return {
    newcomers() {
      const at = now()
      for (const connection of [...everybody.waiting]) happen(connection, { kind: 'time', at })
    },
    everybody() {
      const recheck = ++seconds % RECHECK === 0
      for (const connection of everybody.live()) {
        // Some releases of uWebSockets.js forget to tell that a buffer has emptied.
        connection.wake?.()
        if (recheck && connection.claims && identity.hasEnded(connection.claims.session))
          happen(connection, { kind: 'left', why: 'not-signed-in' })
      }
    },
  }
}
