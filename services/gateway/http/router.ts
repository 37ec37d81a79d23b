import { limits } from '@verbatim/protocol'
import { parseJson } from '@verbatim/protocol/json'
import { parseBody, parseCommand } from '@verbatim/protocol/validators'
import type { GatewayIdentity, GatewayParts } from '../parts.ts'
import type { HttpRequest } from '../sockets/port.ts'
import { refreshTokenIn } from './cookies.ts'
import type { Origins } from './origins.ts'
import { MalformedQuery } from './query.ts'
import { notFound, refused } from './replies.ts'
import type { Asked, BodyName, Reply, Route, SignedIn } from './route.ts'
import type { Found } from './table.ts'

export type RouterParts = Pick<GatewayParts, 'reached' | 'log' | 'ids'> & {
  readonly identity: GatewayIdentity
  readonly origins: Origins
  readonly find: (path: string) => Found | undefined
  addressOf(request: HttpRequest): string
  failed(): void
}

type Serving = Exclude<Route, { who: 'nobody-yet' }>

/** Who may, what is asked, and the answer. Every refusal comes from here or from the route itself; nothing is thrown. */
export const router =
  (parts: RouterParts) =>
  async (request: HttpRequest): Promise<Reply> => {
    try {
      return await route(request, parts)
    } catch (error) {
      if (error instanceof MalformedQuery) return refused('malformed', error.message)
      parts.failed()
      const id = parts.ids()
      parts.log.error({ err: error, error: id, method: request.method }, 'a request failed')
      return refused('unavailable', `error ${id}`)
    }
  }

const route = (request: HttpRequest, parts: RouterParts): Reply | Promise<Reply> => {
  const found = parts.find(request.path)
  if (!found) return notFound
  const { routes, params } = found
  const entry = routes.get(request.method) ?? (request.method === 'HEAD' ? routes.get('GET') : undefined)
  if (!entry) return wrongMethod(routes)
  const query = new URLSearchParams(request.query)
  if (entry.who === 'nobody-yet' || (entry.laterWith && query.has(entry.laterWith))) return refused('not-yet')
  if (changes(request) && !parts.origins.allows(request)) return refused('wrong-origin')
  // In this turn: a body that is asked for later is gone.
  const body = changes(request) ? request.body(limits.bodyBytes) : undefined
  return serve(entry, { request, query, params, body }, parts)
}

type Arrived = {
  readonly request: HttpRequest
  readonly query: URLSearchParams
  readonly params: ReadonlyMap<string, string>
  readonly body: Promise<Uint8Array | 'too-large' | 'aborted'> | undefined
}

const serve = async (entry: Serving, arrived: Arrived, parts: RouterParts): Promise<Reply> => {
  const { request, query, params } = arrived
  const bearer = bearerOf(request)
  const claims = bearer === '' ? undefined : await parts.identity.verify(bearer)
  if (isForSignedIn(entry) && !claims) return refused('not-signed-in')
  const body = await bodyOf(entry.body, arrived)
  if ('refuse' in body) return body.refuse
  const late = await wait(entry, request, parts)
  if (late) return late
  const asked: Asked = {
    request,
    address: parts.addressOf(request),
    query,
    param: (name) => params.get(name) ?? '',
    body: body.value,
    refreshToken: entry.who === 'cookie' ? refreshTokenIn(request.header('cookie')) : '',
    claims,
  }
  if (!isForSignedIn(entry)) return entry.answer(asked)
  return claims ? entry.answer({ ...asked, claims } satisfies SignedIn) : refused('not-signed-in')
}

const isForSignedIn = (entry: Serving): entry is Extract<Serving, { who: 'signed-in' | 'owner' | 'members' }> =>
  entry.who !== 'anyone' && entry.who !== 'cookie'

const changes = ({ method }: HttpRequest): boolean => method !== 'GET' && method !== 'HEAD'

const bearerOf = (request: HttpRequest): string =>
  /^Bearer ([\w.~+/=-]{1,8192})$/i.exec(request.header('authorization'))?.[1] ?? ''

/** JSON of the schema, and nothing where nothing is wanted. */
const bodyOf = async (
  name: BodyName | undefined,
  { request, body }: Arrived,
): Promise<{ readonly value: unknown } | { readonly refuse: Reply }> => {
  const bytes = await body
  if (bytes === undefined) return { value: undefined }
  if (bytes === 'too-large') return { refuse: { ...refused('too-large'), hangUp: true } }
  if (bytes === 'aborted') return malformed('the body broke off')
  if (bytes.length === 0 && name === undefined) return { value: undefined }
  if (!/^application\/json *(; *charset=utf-8 *)?$/i.test(request.header('content-type')))
    return malformed('the content type is not application/json')
  const json = parseJson(decode(bytes))
  if (!json.ok) return malformed(json.detail)
  if (name === undefined)
    return Object.keys(json.value ?? {}).length === 0 ? { value: undefined } : malformed('no body is wanted')
  if (name !== 'command') {
    const parsed = parseBody(name, json.value)
    return parsed.ok ? { value: parsed.body } : malformed(parsed.detail)
  }
  const parsed = parseCommand(json.value)
  return parsed.ok ? { value: parsed.command } : { refuse: refused(parsed.reason, parsed.detail) }
}

const malformed = (detail: string) => ({ refuse: refused('malformed', detail) })

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
/** What is not UTF-8 becomes what is not JSON. */
const decode = (bytes: Uint8Array): string => {
  try {
    return decoder.decode(bytes)
  } catch {
    return ''
  }
}

/** Reads wait for the position that they carry: who wrote it reads it. */
const wait = async (entry: Serving, request: HttpRequest, { reached }: RouterParts): Promise<Reply | undefined> => {
  const position = request.header('x-verbatim-position')
  if (!entry.models || position === '') return undefined
  if (!/^\d{1,15}$/.test(position)) return refused('malformed', 'X-Verbatim-Position: not a position')
  return (await reached(entry.models, Number(position), limits.readWait)) ? undefined : refused('behind')
}

const wrongMethod = (routes: ReadonlyMap<string, Route>): Reply => {
  const allowed = [...routes.keys()].join(', ')
  return { ...refused('malformed', `the method is not ${allowed}`), status: 405, headers: [['allow', allowed]] }
}
