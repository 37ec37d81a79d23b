import type { Claims } from '@verbatim/services/identity'
import type { GatewayLimits } from '../limits/gateway-limits.ts'
import { type JoiningParts, join, type Resume } from '../live/joining.ts'
import { type ResumingParts, resume } from '../live/resuming.ts'
import type { GatewayIdentity, Log } from '../parts.ts'
import type { Counters } from '../stats.ts'
import type { Connection } from './connection.ts'
import type { Connections } from './connections.ts'
import type { Happening } from './session.ts'

export type SigningInParts = Omit<JoiningParts, 'admit'> &
  ResumingParts & {
    readonly identity: GatewayIdentity
    readonly everybody: Connections
    readonly limiter: GatewayLimits
    readonly counters: Counters
    readonly log: Log
    happen(connection: Connection, happening: Happening): void
    release(connection: Connection): void
  }

/** From a token to a live socket; whatever goes wrong on the way closes it with the reason. */
export const signingIn = (parts: SigningInParts) => {
  const { identity, everybody, happen } = parts

  /** In the turn in which it becomes live: the session may have ended, and other sockets come, while models were read. */
  const admit = (connection: Connection, claims: Claims): boolean => {
    const fault = identity.hasEnded(claims.session)
      ? 'not-signed-in'
      : everybody.of(claims.user).length >= parts.limiter.socketsPerUser
        ? 'too-many-sockets'
        : undefined
    if (fault) {
      happen(connection, { kind: 'left', why: fault })
      return false
    }
    happen(connection, { kind: 'joined', claims })
    everybody.joined(connection, claims.user)
    return true
  }
  const enter = async (connection: Connection, { token, resume: seen }: { token: string; resume: Resume }) => {
    const claims = await identity.verify(token)
    if (!connection.open) return
    if (!claims) return happen(connection, { kind: 'left', why: 'not-signed-in' })
    const outcome = await join(connection, { claims, resume: seen }, { ...parts, admit })
    if (outcome === 'try-again') happen(connection, { kind: 'left', why: 'try-again' })
    if (outcome !== 'joined') return
    parts.release(connection)
    if (!connection.resuming) return
    parts.counters.resumed++
    parts.counters.resuming++
    await resume(connection, claims.user, parts).finally(() => parts.counters.resuming--)
  }
  return (connection: Connection, hello: { token: string; resume: Resume }): void => {
    enter(connection, hello).catch((error) => {
      parts.counters.failures++
      parts.log.error({ err: error }, 'a socket could not be made live')
      happen(connection, { kind: 'left', why: 'try-again' })
    })
  }
}
