import type { SessionId, Ulid } from '@verbatim/protocol'
import type { Calls } from '@verbatim/services/threads'
import type { IdentityStore, ProviderLink } from '../identity-store.ts'
import type { Accounts, Device, SignIn } from '../port.ts'
import type { Admitted, Open } from '../reserved-accounts.ts'
import { attempts, type StoredAttempt } from './attempts.ts'
import { linkedAccounts } from './linked-accounts.ts'
import type { Attempt, Fault, OpenId, Provider, ProviderSignIn } from './port.ts'

export type ProviderSignInParts = {
  readonly providers: readonly Provider[]
  readonly openId: OpenId
  readonly store: Calls<IdentityStore>
  readonly accounts: Accounts
  readonly open: Open
  readonly underWay: Set<string>
  readonly now: () => number
  readonly ulid: () => Ulid
  readonly random: (into: Uint8Array) => void
  readonly hasEnded: (session: SessionId) => boolean
  /** Opens a session for somebody who has shown who he is; `undefined` when that holds no longer. */
  readonly signIn: (admitted: Admitted, session: SessionId, from: Device) => Promise<SignIn | undefined>
  /** Told of what the operator may want to know: no secret and no name of a person is in it. */
  readonly report: (fault: Fault & { readonly provider: string }) => void
}

/** Sign-in by the providers of the settings. Every check that fails ends without a session. */
export const providerSignIn = (parts: ProviderSignInParts): ProviderSignIn => {
  const { openId, store, signIn, hasEnded, now, ulid } = parts
  const known = new Map(parts.providers.map((provider) => [provider.id, provider]))
  const underWay = attempts(parts)
  const linked = linkedAccounts(parts)
  const told = <T extends Fault>(provider: Provider, fault: T): T => {
    if (!QUIET.has(fault.fault)) parts.report({ ...fault, provider: provider.id })
    return fault
  }

  /** The attempt that this answer belongs to, used up with this. */
  const takeUp = (provider: Provider, sealed: string, answer: URLSearchParams): StoredAttempt | Fault => {
    const attempt = underWay.open(sealed)
    if (!attempt) return over
    if (attempt.provider !== provider.id) return mismatch('the answer came back to another provider')
    // Before the attempt is used up: whoever lures a browser here must not end an attempt that is under way.
    if (answer.get('state') !== attempt.state || answer.getAll('state').length !== 1) return mismatch('state')
    const taken = underWay.take(attempt)
    if (taken === 'full') return { kind: 'fault', fault: 'unavailable' }
    return taken === 'used' ? over : attempt
  }

  return {
    providers: parts.providers.map(({ id, label }) => ({ id, name: label })),
    async begin(id, { publicUrl, link }) {
      const provider = known.get(id)
      if (!provider) return undefined
      const secrets = underWay.secrets()
      const going = await openId.authorize(provider, { ...secrets, redirectUri: redirectUri(publicUrl, id) })
      if (going.kind === 'fault') return told(provider, going)
      return {
        kind: 'begun',
        url: going.url,
        attempt: underWay.seal({ ...secrets, provider: id, begunAt: now(), link }),
      }
    },
    async finish(id, { publicUrl, attempt: sealed, answer }, from) {
      const provider = known.get(id)
      if (!provider) return undefined
      const taken = takeUp(provider, sealed, answer)
      if ('kind' in taken) return told(provider, taken)
      const { state, nonce, verifier, link } = taken
      const attempt: Attempt = { state, nonce, verifier, redirectUri: redirectUri(publicUrl, id) }
      const vouched = await openId.redeem(provider, attempt, answer)
      if (vouched.kind === 'fault') return told(provider, vouched)
      if (link) {
        // Asked only now: he may have signed out while he was at the provider's.
        if (hasEnded(link.session)) return { kind: 'fault', fault: 'not-signed-in' }
        const attached = await linked.attach(vouched.link, link.user)
        return attached === 'linked' ? { kind: 'linked' } : { kind: 'fault', fault: attached }
      }
      const session = ulid()
      const admitted = await linked.admit(vouched, session)
      if (admitted.kind === 'fault') return told(provider, admitted)
      if (admitted.kind === 'denied')
        return told(provider, { kind: 'fault', fault: 'unavailable', detail: admitted.reason })
      return (await signIn(admitted, session, from)) ?? over
    },
    async linkedTo({ user }) {
      const links = await store.linksOf(user)
      return parts.providers.map((provider) => ({
        id: provider.id,
        name: provider.label,
        linked: links.some((link) => isBy(provider, link)),
      }))
    },
    async unlink(id, { user }) {
      const provider = known.get(id)
      if (!provider) return undefined
      const links = await store.linksOf(user)
      const unlinked = links.filter((link) => isBy(provider, link))
      if (unlinked.length === 0) return 'unlinked'
      // A link to a provider that is no longer in the settings lets nobody in.
      const others = links.filter((link) => !isBy(provider, link) && parts.providers.some((each) => isBy(each, link)))
      return store.unlink(user, unlinked, others)
    },
  }
}

/** Issuers are compared as addresses: the settings may lack the slash that the provider signs. */
const isBy = (provider: Provider, link: ProviderLink): boolean =>
  new URL(provider.issuer).href === new URL(link.issuer).href

const redirectUri = (publicUrl: string, id: string): string => `${publicUrl}/api/auth/oidc/${id}/callback`

const over: Fault = { kind: 'fault', fault: 'attempt-over' }
const mismatch = (detail: string): Fault => ({ kind: 'fault', fault: 'answer-mismatch', detail })
/** What people do of themselves every day. */
const QUIET: ReadonlySet<Fault['fault']> = new Set(['access-denied', 'attempt-over', 'not-signed-in'])
