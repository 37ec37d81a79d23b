import { STATUS_CODES } from 'node:http'
import { DISCARD_AT_MOST, type HttpAnswer, type HttpRequest } from '../port.ts'
import { addressText } from './address-text.ts'
import type { UwsRequest, UwsResponse } from './uwebsockets.ts'

/** A request, copied before its handler returns, and the way to answer it once. */
export type Exchange = {
  readonly request: HttpRequest
  answerWith(ask: () => HttpAnswer | Promise<HttpAnswer>): void
}

export const uwsExchange = (response: UwsResponse, raw: UwsRequest): Exchange => {
  const method = raw.getMethod().toUpperCase()
  const headers = new Map<string, string>()
  raw.forEach((name, value) => {
    const before = headers.get(name)
    headers.set(name, before === undefined ? value : `${before}, ${value}`)
  })
  const state: State = { aborted: false }
  return {
    request: {
      method,
      path: raw.getUrl(),
      query: raw.getQuery(),
      header: (name) => headers.get(name) ?? '',
      address: addressText(Buffer.from(response.getRemoteAddressAsText()).toString()),
      body: (atMost) => collect(response, state, { atMost, announced: Number(headers.get('content-length') ?? 0) }),
    },
    answerWith: (ask) => void answer(response, state, { method, ask }),
  }
}

/** An aborted response must not be touched: its methods throw. */
type State = { aborted: boolean; abandon?: () => void }

const answer = async (
  response: UwsResponse,
  state: State,
  { method, ask }: { method: string; ask: () => HttpAnswer | Promise<HttpAnswer> },
): Promise<void> => {
  response.onAborted(() => {
    state.aborted = true
    state.abandon?.()
  })
  try {
    const asked = ask()
    const answered = asked instanceof Promise ? await asked : asked
    // In a later turn than what was read: it would still take what stands behind for a request, and stay open for it.
    if (answered.hangUp) await new Promise((resolve) => setImmediate(resolve))
    if (!state.aborted) response.cork(() => write(response, method, answered))
  } catch {
    if (!state.aborted) response.close()
  }
}

const write = (response: UwsResponse, method: string, { status, headers, body, hangUp = false }: HttpAnswer): void => {
  response.writeStatus(`${status} ${STATUS_CODES[status] ?? ''}`)
  for (const [name, value] of headers) response.writeHeader(name, value)
  const isBare = status === 204 || status === 304
  if (hangUp || !(isBare || method === 'HEAD')) {
    response.end(method === 'HEAD' ? '' : (body ?? ''), hangUp)
    return
  }
  if (!isBare) response.writeHeader('content-length', `${Buffer.byteLength(body ?? '')}`)
  // Never with a length: release 20.30 makes 2^63 of `undefined`, and waits for a body of any other before it goes on.
  response.endWithoutBody()
}

const collect = (
  response: UwsResponse,
  state: State,
  { atMost, announced }: { atMost: number; announced: number },
): Promise<Uint8Array | 'too-large' | 'aborted'> =>
  new Promise((resolve) => {
    state.abandon = () => resolve('aborted')
    if (announced > DISCARD_AT_MOST) return resolve('too-large')
    let chunks: Buffer[] = []
    let size = 0
    response.onData((chunk, last) => {
      size += chunk.byteLength
      if (size > atMost) chunks = []
      else chunks.push(Buffer.from(Buffer.from(chunk)))
      if (last) resolve(size > atMost ? 'too-large' : Buffer.concat(chunks))
      else if (size > DISCARD_AT_MOST) resolve('too-large')
    })
  })
