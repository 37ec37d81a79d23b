import { randomFillSync } from 'node:crypto'
import { type Ulid, ulids } from '@verbatim/protocol'

export const ulid = ulids(Date.now, randomFillSync)

/** Somebody who is signed in over HTTP. */
export type Account = {
  readonly id: Ulid
  readonly handle: string
  readonly token: string
  /** `Cookie` header with all that the server set. */
  readonly cookie: string
}
export type Answered = { readonly status: number; readonly body: unknown; readonly cookie: string }

export const password = 'correct horse battery'
export const register = async (base: string, name: string): Promise<Account> => {
  const handle = `${name}_${ulid().slice(-8).toLowerCase()}`
  const { status, body, cookie } = await post(base, '/api/auth/register', { handle, name, password })
  if (status !== 201) throw new Error(`register was answered ${status}: ${JSON.stringify(body)}`)
  const { user, accessToken } = body as { user: { id: Ulid }; accessToken: string }
  return { id: user.id, handle, token: accessToken, cookie }
}

/** Asks until there is an answer that is not to ask again: a dead or busy server is no answer. */
export const command = async (
  base: string,
  who: Pick<Account, 'token'>,
  fields: { id?: Ulid; type: string; [field: string]: unknown },
) => {
  const body = { id: fields.id ?? ulid(), ...fields }
  for (let tries = 0; ; tries++) {
    const answer = await post(base, '/api/commands', body, { authorization: `Bearer ${who.token}` }).catch(
      () => undefined,
    )
    if (answer && answer.status !== 503 && answer.status !== 429) return answer
    if (tries > 100) throw new Error(`${fields.type} was never answered: ${JSON.stringify(answer)}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

export const post = (
  base: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answered> =>
  ask(base, path, {
    method: 'POST',
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
export const get = (base: string, path: string, { token }: Pick<Account, 'token'>): Promise<Answered> =>
  ask(base, path, { headers: { authorization: `Bearer ${token}` } })
/** What a tab does that holds the cookie. */
export const refresh = (base: string, cookie: string): Promise<Answered> =>
  post(base, '/api/auth/refresh', undefined, { cookie, origin: base })

const ask = async (base: string, path: string, init: RequestInit): Promise<Answered> => {
  const response = await fetch(base + path, init)
  const text = await response.text()
  const cookie = response.headers
    .getSetCookie()
    .map((set) => set.split(';', 1)[0])
    .join('; ')
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text), cookie }
}
