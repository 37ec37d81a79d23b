import type { Person, SignedIn } from '@verbatim/protocol'
import { createSignal } from 'solid-js'
import { type Api, answerOf, makeApi, Refused } from './api.ts'

export type SessionState =
  | { readonly kind: 'unknown' }
  /** The server did not answer the first question; `retry` asks again. */
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'signed-out' /** Not by the person's own wish, here and now. */; readonly ended: boolean }
  | { readonly kind: 'signed-in'; readonly user: Person }

export type Session = ReturnType<typeof createSession>

const RENEWING = 'verbatim-renewing'

/**
 * Who is signed in. The access token lives in this closure only, never in a store that a script could read later;
 * the refresh cookie is the browser's and not ours to see.
 */
export const createSession = () => {
  const [state, setState] = createSignal<SessionState>({ kind: 'unknown' })
  let token: string | undefined
  let expires = 0
  /** The socket may hear of the end before the sign-out has its answer. */
  let leaving = false
  let renewing: Promise<string | undefined> | undefined

  const hold = (answer: { accessToken: string; expiresIn: number }): string => {
    token = answer.accessToken
    expires = Date.now() + answer.expiresIn * 1_000
    return token
  }
  const forget = (ended: boolean): undefined => {
    token = undefined
    setState({ kind: 'signed-out', ended })
  }
  /** The server knows the session no longer, or never knew one. */
  const end = (): undefined =>
    state().kind === 'signed-out' ? undefined : forget(state().kind === 'signed-in' && !leaving)

  // Tabs share the cookie, so they take turns: each sends the successor of what the other one got.
  const renew = (): Promise<string | undefined> => {
    renewing ??= alone(RENEWING, () => bare<SignedIn>('/api/auth/refresh'))
      .then(hold)
      .catch((cause: unknown) => {
        if (cause instanceof Refused && cause.reason === 'not-signed-in') return end()
        throw cause
      })
      .finally(() => {
        renewing = undefined
      })
    return renewing
  }
  const api: Api = makeApi({ current: () => token, renew })

  const enter = (answer: SignedIn): void => {
    hold(answer)
    setState({ kind: 'signed-in', user: answer.user })
  }

  return {
    state,
    api,
    /** Looks whether the browser holds a session. */
    start: async (): Promise<void> => {
      setState({ kind: 'unknown' })
      try {
        if ((await renew()) === undefined) return
        const { user } = await api.get<{ user: Person }>('/api/me')
        setState({ kind: 'signed-in', user })
      } catch {
        if (state().kind === 'unknown') setState({ kind: 'unreachable' })
      }
    },
    register: async (who: { handle: string; name: string; password: string }) =>
      enter(await bare<SignedIn>('/api/auth/register', who)),
    login: async (who: { handle: string; password: string }) => enter(await bare<SignedIn>('/api/auth/login', who)),
    logout: async (): Promise<void> => {
      leaving = true
      try {
        await api.post('/api/auth/logout')
        forget(false)
      } finally {
        leaving = false
      }
    },
    /** The server ended the session. */
    ended: end,
    /** A token with at least half a minute left, for the first frame of a socket. */
    token: async (): Promise<string | undefined> =>
      token !== undefined && expires - Date.now() > 30_000 ? token : renew(),
    renew,
    renamed: (user: Person): void => {
      setState({ kind: 'signed-in', user })
    },
  }
}

const bare = async <T>(path: string, body?: unknown): Promise<T> => {
  const init: RequestInit = {
    method: 'POST',
    ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  }
  const response = await fetch(path, init).catch(() => {
    throw new Refused('unreachable')
  })
  return (await answerOf(response)) as T
}

/** Runs alone among the tabs of this browser. Plain http on a foreign host has no locks: there tabs may race, which the server's grace allows. */
export const alone = async <T>(name: string, run: () => Promise<T>): Promise<T> =>
  'locks' in navigator ? await navigator.locks.request(name, run) : run()
