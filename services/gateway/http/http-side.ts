import type { GatewayLimits } from '../limits/gateway-limits.ts'
import type { GatewayParts } from '../parts.ts'
import type { Orders } from '../session/orders.ts'
import type { HttpAnswer, HttpRequest } from '../sockets/port.ts'
import type { Tallies } from '../tallies.ts'
import { addressOf } from './address-of.ts'
import { answering } from './answering.ts'
import { client } from './client.ts'
import { type Origins, origins as originsOf } from './origins.ts'
import { router } from './router.ts'
import { routes } from './routes.ts'
import { table } from './table.ts'

export type HttpSideParts = GatewayParts & {
  readonly orders: Orders
  readonly limiter: GatewayLimits
  readonly tallies: Tallies
  readonly publicUrl: string
  /** Told of every request that failed for no fault of its own. */
  failed(): void
}

export interface HttpSide {
  answer(request: HttpRequest): HttpAnswer | Promise<HttpAnswer>
  readonly origins: Origins
}

/** Everything that is asked and answered over HTTP. Made once the port, and so the server's own address, is known. */
export const httpSide = (parts: HttpSideParts): HttpSide => {
  const { settings, publicUrl, clientFolder, tallies } = parts
  const origins = originsOf(publicUrl, settings.allowedOrigins)
  const find = table(routes({ ...parts, secure: publicUrl.startsWith('https:') }))
  const route = router({ ...parts, origins, find, addressOf: addressOf(settings.trustProxy) })
  return {
    origins,
    answer: answering({
      async route(request) {
        const reply = await route(request)
        if (reply.refused !== undefined) tallies.refused(reply.refused)
        return reply
      },
      client: clientFolder === undefined ? undefined : client(clientFolder, publicUrl),
      origins,
    }),
  }
}
