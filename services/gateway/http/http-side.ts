import type { GatewayLimits } from '../limits/gateway-limits.ts'
import type { GatewayParts } from '../parts.ts'
import type { Orders } from '../session/orders.ts'
import type { HttpAnswer, HttpRequest } from '../sockets/port.ts'
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
  const { settings, publicUrl, clientFolder } = parts
  const origins = originsOf(publicUrl, settings.allowedOrigins)
  const find = table(routes({ ...parts, secure: publicUrl.startsWith('https:') }))
  return {
    origins,
    answer: answering({
      route: router({ ...parts, origins, find, addressOf: addressOf(settings.trustProxy) }),
      client: clientFolder === undefined ? undefined : client(clientFolder, publicUrl),
      origins,
    }),
  }
}
