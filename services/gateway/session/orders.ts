import type { Answer, BuiltCommandType, Command, Order, Reason, Ulid } from '@verbatim/protocol'
import type { Claims } from '@verbatim/services/identity'
import { turnClock } from '@verbatim/services/metrics'
import type { GatewayLimits } from '../limits/gateway-limits.ts'
import type { GatewayParts } from '../parts.ts'
import type { Tallies } from '../tallies.ts'

/** Where commands go, from the socket and over HTTP alike. */
export interface Orders {
  /** Always answers. */
  send(command: Command<BuiltCommandType>, claims: Claims): Promise<Answer>
  /** Answers that are still owed. */
  readonly open: number
  /** What comes from now on is refused, to be sent again to whoever comes after. */
  stop(): void
}

export const orders = (
  { bus, log }: Pick<GatewayParts, 'bus' | 'log'>,
  limits: GatewayLimits,
  tallies: Tallies,
): Orders => {
  const clock = turnClock()
  let open = 0
  let stopped = false
  const ask = (order: Order): Promise<Answer> => {
    const { command } = order
    const came = clock()
    open++
    return bus.send(order).then(
      (answer) => {
        open--
        tallies.answered(command.type, answer, clock() - came)
        return answer
      },
      (error) => {
        open--
        log.error({ err: error, command: command.id }, 'a command was not answered')
        return refused(command.id, 'unavailable')
      },
    )
  }
  const turnedAway = ({ id, type }: Command, reason: Reason) => {
    const answer = refused(id, reason)
    tallies.answered(type, answer)
    return answer
  }
  return {
    send(command, { user, session }) {
      if (stopped) return Promise.resolve(turnedAway(command, 'unavailable'))
      const wait = limits.command(user, command)
      if (wait > 0) return Promise.resolve({ ...turnedAway(command, 'too-fast'), retryAfter: wait })
      return ask({ command, by: user, session })
    },
    get open() {
      return open
    },
    stop() {
      stopped = true
    },
  }
}

const refused = (id: Ulid, reason: Reason) => ({ kind: 'refused', id, reason }) as const
