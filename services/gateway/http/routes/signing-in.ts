import type { RequestBody } from '@verbatim/protocol/validators'
import type { Denied, SignIn } from '@verbatim/services/identity'
import { clearedCookie, refreshCookie } from '../cookies.ts'
import { denied, noContent, ok, refused } from '../replies.ts'
import { type Asked, deviceOf, type Reply } from '../route.ts'
import type { RouteParts } from '../routes.ts'

export const signingIn = ({ identity, socialGraph, limiter, secure }: RouteParts) => {
  const welcome = (status: number, { user, accessToken, expiresIn, refreshToken }: SignIn): Reply => ({
    status,
    json: { user, accessToken, expiresIn },
    headers: [refreshCookie(refreshToken, secure)],
  })
  /** Who was refused by the cookie is rid of it; who could not be answered keeps it. */
  const turnedAway = (reason: Denied): Reply => {
    const reply = denied(reason)
    return reply.status === 401 ? { ...reply, headers: [clearedCookie(secure)] } : reply
  }
  return {
    async register(asked: Asked): Promise<Reply> {
      const wait = limiter.signUp(asked.address)
      if (wait > 0) return refused('too-fast', undefined, wait)
      const { handle, name, password } = asked.body as RequestBody<'register'>
      const outcome = await identity.register({ handle, name, password }, deviceOf(asked))
      return outcome.kind === 'denied' ? denied(outcome) : welcome(201, outcome)
    },
    async login(asked: Asked): Promise<Reply> {
      const { handle, password } = asked.body as RequestBody<'login'>
      const account = handle.toLowerCase()
      // Taken before the password is looked at: a hundred guesses at once are a hundred attempts.
      const wait = limiter.signIn(account, asked.address)
      if (wait > 0) return refused('too-fast', undefined, wait)
      const outcome = await identity.login({ handle, password }, deviceOf(asked))
      if (outcome.kind === 'denied') return denied(outcome)
      limiter.signedIn(account, asked.address)
      // Sign-in knows the name of the registration; who registered a moment ago is known by no other.
      const { value: person } = await socialGraph.person(outcome.user.id)
      return welcome(200, { ...outcome, user: person ?? outcome.user })
    },
    async refresh(asked: Asked): Promise<Reply> {
      if (asked.refreshToken === '') return refused('not-signed-in')
      const outcome = await identity.refresh(asked.refreshToken, deviceOf(asked))
      if (outcome.kind === 'denied') return turnedAway(outcome)
      const { accessToken, expiresIn, refreshToken } = outcome
      return { ...ok({ accessToken, expiresIn }), headers: [refreshCookie(refreshToken, secure)] }
    },
    async logout({ refreshToken, claims }: Asked): Promise<Reply> {
      if (refreshToken === '' && !claims) return refused('not-signed-in')
      const outcome = await identity.logout({ ...(refreshToken !== '' && { refreshToken }), ...(claims && { claims }) })
      if (outcome.kind === 'denied') return turnedAway(outcome)
      return { ...noContent, headers: [clearedCookie(secure)] }
    },
    providers: async (): Promise<Reply> => ok({ local: true, providers: identity.byProvider.providers }),
  }
}
