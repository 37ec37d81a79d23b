import type { Reason, Refusal } from '@verbatim/protocol'

/** A refusal of the server, or `unreachable` when it gave no answer that can be read. */
export class Refused extends Error {
  constructor(
    readonly reason: Reason | 'unreachable',
    readonly detail?: string,
    /** Seconds. */
    readonly retryAfter?: number,
  ) {
    super(reason)
  }
}

export interface Tokens {
  /** A token that was valid a moment ago; `undefined` when signed out. */
  current(): string | undefined
  /** Asks for a new one. `undefined`: the session is over. Throws `Refused` when nobody answers. */
  renew(): Promise<string | undefined>
}

export interface Api {
  get<T>(path: string): Promise<T>
  post<T>(path: string, body?: unknown): Promise<T>
  remove(path: string): Promise<void>
  /** Reads that follow wait until the server's models have reached this position: one reads one's writes. */
  reached(position: string): void
  /** Positions of another log say nothing. */
  startAfresh(): void
}

type Response = Pick<globalThis.Response, 'ok' | 'status' | 'json'>
/** `fetch`, or whatever stands for it. */
export type Wire = (path: string, init: RequestInit) => Promise<Response>

/** HTTP with the session's token. A 401 renews the token once and asks again; a second 401 is told. */
export const makeApi = (tokens: Tokens, wire: Wire = (path, init) => fetch(path, init)): Api => {
  let position: string | undefined

  const once = async (method: string, path: string, body: unknown): Promise<Response> => {
    const token = tokens.current()
    const headers: Record<string, string> = {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(method === 'GET' && position !== undefined && { 'x-verbatim-position': position }),
    }
    const init: RequestInit = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) }
    return wire(path, init).catch(() => {
      throw new Refused('unreachable')
    })
  }

  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    let response = await once(method, path, body)
    if (response.status === 401 && (await tokens.renew()) !== undefined) response = await once(method, path, body)
    return answerOf(response)
  }

  return {
    get: (path) => ask('GET', path) as Promise<never>,
    post: (path, body) => ask('POST', path, body) as Promise<never>,
    remove: async (path) => {
      await ask('DELETE', path)
    },
    reached: (at) => {
      // The answer to a repeat tells where its first one stood.
      if (position === undefined || Number(at) > Number(position)) position = at
    },
    startAfresh: () => {
      position = undefined
    },
  }
}

/** The body of an answer; throws `Refused` for everything that is not 2xx. */
export const answerOf = async (response: Response): Promise<unknown> => {
  if (response.status === 204) return undefined
  const body: unknown = await response.json().catch(() => undefined)
  if (response.ok) return body
  const refusal = body as Partial<Refusal> | undefined
  throw new Refused(refusal?.refused ?? 'unreachable', refusal?.detail, refusal?.retryAfter)
}
