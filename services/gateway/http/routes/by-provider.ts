import type { SignInFault } from '@verbatim/protocol/sign-in-faults'
import type { Begun } from '@verbatim/services/identity'
import { attemptCookie, attemptIn, clearedAttempt, refreshCookie } from '../cookies.ts'
import { noContent, notFound, ok, refused } from '../replies.ts'
import { type Asked, deviceOf, type Reply, type SignedIn } from '../route.ts'
import type { RouteParts } from '../routes.ts'

/** Sign-in by a provider: to it and back. These are places that a browser goes to, so a failure leads to a page. */
export const byProvider = ({ identity, limiter, secure, publicUrl }: RouteParts) => {
  const provider = () => identity.byProvider
  const goingTo = ({ url, attempt }: Begun): Reply => redirect(url, attemptCookie(attempt, secure))

  return {
    async start({ param, address }: Asked): Promise<Reply> {
      if (limiter.attempt(address) > 0) return failed('too-fast')
      const begun = await provider().begin(param('provider'), { publicUrl })
      if (!begun) return notFound
      return begun.kind === 'fault' ? failed(begun.fault) : goingTo(begun)
    },
    async callback(asked: Asked): Promise<Reply> {
      const attempt = attemptIn(asked.request.header('cookie'))
      const input = { publicUrl, attempt, answer: asked.query }
      const outcome = await provider().finish(asked.param('provider'), input, deviceOf(asked))
      if (!outcome) return notFound
      if (outcome.kind === 'signed-in')
        return redirect('/', refreshCookie(outcome.refreshToken, secure), clearedAttempt(secure))
      if (outcome.kind === 'linked') return redirect(`/?linked=${asked.param('provider')}`, clearedAttempt(secure))
      // The cookie stays: what came back may be somebody's lure, and the true answer still on its way.
      return failed(outcome.fault)
    },
    linked: async ({ claims }: SignedIn): Promise<Reply> => ok({ providers: await provider().linkedTo(claims) }),
    /** With the bearer and from our own page, so that no other site links its account to a visitor's. */
    async link({ claims, param, address }: SignedIn): Promise<Reply> {
      const wait = limiter.attempt(address)
      if (wait > 0) return refused('too-fast', undefined, wait)
      const begun = await provider().begin(param('provider'), { publicUrl, link: claims })
      if (!begun) return notFound
      if (begun.kind === 'fault') return refused('unavailable', begun.fault)
      return { ...ok({ url: begun.url }), headers: [attemptCookie(begun.attempt, secure)] }
    },
    async unlink({ claims, param }: SignedIn): Promise<Reply> {
      const outcome = await provider().unlink(param('provider'), claims)
      if (!outcome) return notFound
      return outcome === 'unlinked' ? noContent : refused(outcome)
    },
  }
}

const redirect = (to: string, ...cookies: (readonly [string, string])[]): Reply => ({
  status: 302,
  headers: [['location', to], ['cache-control', 'no-store'], ...cookies],
})
const failed = (fault: SignInFault): Reply => redirect(`/?error=${fault}`)
