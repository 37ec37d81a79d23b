import type { Answer, BuiltCommandType, Command, Order, Reason, Ulid } from '@verbatim/protocol'
import type { Claims } from '@verbatim/services/identity'
import type { GatewayLimits } from '../limits/gateway-limits.ts'
import type { GatewayParts } from '../parts.ts'

/** Where commands go, from the socket and over HTTP alike. */
export interface Orders {
  /** Always answers. */
  send(command: Command<BuiltCommandType>, claims: Claims): Promise<Answer>
  /** Answers that are still owed. */
  readonly open: number
  /** What comes from now on is refused, to be sent again to whoever comes after. */
  stop(): void
}

export const orders = ({ bus, log }: Pick<GatewayParts, 'bus' | 'log'>, limits: GatewayLimits): Orders => {
  let open = 0
  let stopped = false
  const ask = async (order: Order): Promise<Answer> => {
    open++
    try {
      return await bus.send(order)
    } catch (error) {
      log.error({ err: error, command: order.command.id }, 'a command was not answered')
      return refused(order.command.id, 'unavailable')
    } finally {
      open--
    }
  }
  return {
    send(command, { user, session }) {
      if (stopped) return Promise.resolve(refused(command.id, 'unavailable'))
      const wait = limits.command(user, command)
      if (wait > 0) return Promise.resolve({ ...refused(command.id, 'too-fast'), retryAfter: wait })
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
