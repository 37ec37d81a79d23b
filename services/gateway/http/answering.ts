import { type HttpAnswer, type HttpRequest, SOCKET_PATH } from '../sockets/port.ts'
import type { Client } from './client.ts'
import { everywhere, forJson, forText } from './headers.ts'
import type { Origins } from './origins.ts'
import { notFound, refused } from './replies.ts'
import type { Reply } from './route.ts'

export type AnsweringParts = {
  readonly route: (request: HttpRequest) => Promise<Reply>
  readonly client: Client | undefined
  readonly origins: Origins
}

/** Every answer that leaves: the API as JSON, everything else as the client's files. */
export const answering =
  ({ route, client, origins }: AnsweringParts) =>
  (request: HttpRequest): HttpAnswer | Promise<HttpAnswer> => {
    if (hasUnclearEnd(request))
      return inJson({ ...refused('malformed', 'a body needs one Content-Length'), hangUp: true })
    if (request.path === SOCKET_PATH) return notUpgraded('no-upgrade')
    const foreign = origins.foreign(request)
    if (!isOfApi(request.path)) return client?.answer(request) ?? inJson(notFound)
    if (foreign === undefined) return route(request).then(inJson)
    const sharing = sharedWith(foreign)
    if (request.method === 'OPTIONS') return { status: 204, headers: [...everywhere, ...sharing, ...preflight] }
    return route(request).then((reply) => withHeaders(inJson(reply), sharing))
  }

/** A request that wants to become a socket and may not, or cannot. */
export const notUpgraded = (why: 'wrong-origin' | 'body' | 'no-upgrade'): HttpAnswer => {
  if (why === 'wrong-origin') return inJson(refused('wrong-origin'))
  if (why === 'body') return inJson({ ...refused('malformed', 'no body is wanted'), hangUp: true })
  return withHeaders(inJson({ ...refused('malformed', 'a WebSocket opens here'), status: 426 }), [
    ['upgrade', 'websocket'],
  ])
}

const isOfApi = (path: string): boolean => path.startsWith('/api/') || SERVER_PATHS.has(path)
const SERVER_PATHS: ReadonlySet<string> = new Set(['/api', '/health', '/ready', '/metrics'])

/** Where two servers come to disagree about where a request ends, a second one is smuggled in behind it. */
const hasUnclearEnd = ({ header }: HttpRequest): boolean =>
  header('transfer-encoding') !== '' || !/^\d{0,15}$/.test(header('content-length'))

/** What stands behind an upgrade is taken for frames, and by a proxy in front perhaps for a body. */
export const hasBody = ({ header }: HttpRequest): boolean =>
  header('transfer-encoding') !== '' || !/^0?$/.test(header('content-length'))

const inJson = ({ status, json, text, headers = [], hangUp }: Reply): HttpAnswer => ({
  status,
  headers: [...everywhere, ...(json === undefined ? [] : forJson), ...(text === undefined ? [] : forText), ...headers],
  ...(json !== undefined && { body: JSON.stringify(json) }),
  ...(text !== undefined && { body: text }),
  ...(hangUp && { hangUp }),
})

const withHeaders = (answer: HttpAnswer, headers: HttpAnswer['headers']): HttpAnswer => ({
  ...answer,
  headers: [...answer.headers, ...headers],
})

const sharedWith = (origin: string): HttpAnswer['headers'] => [
  ['access-control-allow-origin', origin],
  ['access-control-allow-credentials', 'true'],
  ['access-control-expose-headers', 'x-verbatim-position, retry-after'],
  ['vary', 'origin'],
]
const preflight: HttpAnswer['headers'] = [
  ['access-control-allow-methods', 'GET, POST, DELETE'],
  ['access-control-allow-headers', 'authorization, content-type, x-verbatim-position'],
  ['access-control-max-age', '600'],
]
