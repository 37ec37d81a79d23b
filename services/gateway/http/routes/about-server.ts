import { createHash, timingSafeEqual } from 'node:crypto'
import { asyncApiDocument } from '@verbatim/protocol/asyncapi'
import { openApiDocument } from '@verbatim/protocol/openapi'
import type { HttpRequest } from '../../sockets/port.ts'
import { nearness } from '../nearness.ts'
import { notFound, ok } from '../replies.ts'
import type { Asked, Reply } from '../route.ts'
import type { RouteParts } from '../routes.ts'

/** What the server tells about itself. */
export const aboutServer = ({ ready, metrics, settings }: RouteParts) => {
  const isNear = nearness(settings.trustProxy)
  const openapi = once(openApiDocument)
  const asyncapi = once(asyncApiDocument)
  return {
    health: async (): Promise<Reply> => ok({ ok: true }),
    async ready({ request, address }: Asked): Promise<Reply> {
      const state = await ready()
      const told = isNear(request, address) ? state : { ready: state.ready }
      return { status: state.ready ? 200 : 503, json: told }
    },
    async metrics({ request, address }: Asked): Promise<Reply> {
      const may = isNear(request, address) || hasToken(request, settings.metricsToken)
      // To everybody else as if there were no such thing.
      return may ? { status: 200, text: await metrics() } : notFound
    },
    openapi: async (): Promise<Reply> => ok(openapi()),
    asyncapi: async (): Promise<Reply> => ok(asyncapi()),
  }
}

/** Compared by their hashes: how long it takes tells nothing about how much of it was right. */
const hasToken = (request: HttpRequest, token: string | undefined): boolean => {
  const shown = /^Bearer +(\S+)$/i.exec(request.header('authorization'))?.[1]
  return token !== undefined && shown !== undefined && timingSafeEqual(hash(shown), hash(token))
}
const hash = (text: string): Buffer => createHash('sha256').update(text).digest()

const once = <T>(make: () => T): (() => T) => {
  let made: { value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
