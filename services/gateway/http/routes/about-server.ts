import { asyncApiDocument } from '@verbatim/protocol/asyncapi'
import { openApiDocument } from '@verbatim/protocol/openapi'
import { isLoopback } from '../origins.ts'
import { ok } from '../replies.ts'
import type { Asked, Reply } from '../route.ts'
import type { RouteParts } from '../routes.ts'

/** What the server tells about itself. */
export const aboutServer = ({ ready }: RouteParts) => {
  const openapi = once(openApiDocument)
  const asyncapi = once(asyncApiDocument)
  return {
    health: async (): Promise<Reply> => ok({ ok: true }),
    async ready({ request, address }: Asked): Promise<Reply> {
      const state = await ready()
      // Through a proxy on this machine everybody would come from loopback.
      const near = isLoopback(request.address) && isLoopback(address) && request.header('x-forwarded-for') === ''
      return { status: state.ready ? 200 : 503, json: near ? state : { ready: state.ready } }
    },
    openapi: async (): Promise<Reply> => ok(openapi()),
    asyncapi: async (): Promise<Reply> => ok(asyncapi()),
  }
}

const once = <T>(make: () => T): (() => T) => {
  let made: { value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
