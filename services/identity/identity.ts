import type { SessionId, SessionView, Ulid } from '@verbatim/protocol'
import { limits } from '@verbatim/protocol'
import type { Calls } from '@verbatim/services/threads'
import { accessTokens, keyOutlives } from './access-tokens.ts'
import { argon2Passwords } from './adapters/argon2.ts'
import { deviceOf } from './device.ts'
import { endedSessions } from './ended-sessions.ts'
import type { IdentityStore, StoredKey, StoredSession } from './identity-store.ts'
import { localAccounts, taken, wrong } from './local-accounts.ts'
import { openIdClient } from './oidc/adapters/openid-client.ts'
import type { Fault, OpenId, Provider } from './oidc/port.ts'
import { providerSignIn } from './oidc/provider-sign-in.ts'
import type { Passwords } from './passwords.ts'
import type { Accounts, Claims, Denied, Device, Identity } from './port.ts'
import { refreshTokens } from './refresh-tokens.ts'
import { type Admitted, reservedAccounts } from './reserved-accounts.ts'
import { resetPassword } from './reset-password.ts'

export type IdentityParts = {
  readonly store: Calls<IdentityStore>
  readonly accounts: Accounts
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Mints the ids of users and sessions. */
  readonly ulid: () => Ulid
  /** Fills the array with random bytes, fit for keys. */
  readonly random: (into: Uint8Array) => void
  /** Who signs the access tokens; tokens of another issuer are refused. */
  readonly issuer: string
  readonly audience: string
  /** Who else vouches for people; none when it is left out. */
  readonly providers?: readonly Provider[]
  readonly openId?: OpenId
  /** Told of sign-ins by a provider that failed for what an operator can mend. */
  readonly report?: (fault: Fault & { readonly provider: string }) => void
  /** argon2id unless a test wants it fast. */
  readonly passwords?: Passwords
}

/** Who is who. Makes its keys on the first start; remembers the sessions that ended across starts. */
export const identity = async (parts: IdentityParts): Promise<Identity> => {
  const { store, accounts, now, ulid, random, passwords = argon2Passwords() } = parts
  const fresh = (): Uint8Array => {
    const key = new Uint8Array(32)
    random(key)
    return key
  }
  await store.retireKeys('sign', now() - keyOutlives)
  const access = await accessTokens(await store.keys('sign', fresh()), parts)
  const refresh = refreshTokens(only(await store.keys('refresh', fresh())), random)
  const digestKey = only(await store.keys('digest', fresh()))
  const ended = endedSessions(await store.ended(), now)
  const underWay = new Set<string>()
  const open = reservedAccounts({ store, accounts })
  const local = await localAccounts({ store, accounts, open, passwords, ulid, unknown: fresh, underWay })

  const tokensOf = async (claims: Claims, refreshToken: string) => ({
    session: claims.session,
    accessToken: await access.sign(claims),
    expiresIn: limits.accessTokenSeconds,
    refreshToken,
  })
  const signIn = async ({ user, by }: Admitted, session: SessionId, from: Device) => {
    const token = refresh.first(session)
    const device = deviceOf(from.device)
    const made = await store.openSession({ session, user: user.id, device, token: refresh.hashOf(token), by })
    if (!made) return undefined
    for (const closed of made) ended.add(closed)
    return { kind: 'signed-in' as const, user, ...(await tokensOf({ user: user.id, session }, token)) }
  }

  const byProvider = providerSignIn({
    ...parts,
    providers: parts.providers ?? [],
    openId: parts.openId ?? openIdClient({ now }),
    report: parts.report ?? (() => undefined),
    open,
    underWay,
    signIn,
    hasEnded: (session) => ended.has(session),
  })

  return {
    byProvider,
    register: async (input, from) => {
      const session = ulid()
      const admitted = await local.register(input, session)
      return admitted.kind === 'denied' ? admitted : ((await signIn(admitted, session, from)) ?? taken)
    },
    login: async (input, from) => {
      const admitted = await local.login(input)
      return admitted.kind === 'denied' ? admitted : ((await signIn(admitted, ulid(), from)) ?? wrong)
    },
    refresh: async (token) => {
      const session = refresh.sessionOf(token)
      if (!session) return notSignedIn
      const successor = refresh.successorOf(session, token)
      const rotation = await store.rotate(session, refresh.hashOf(token), refresh.hashOf(successor))
      if (rotation.kind === 'reused' || rotation.kind === 'expired') ended.add(rotation)
      if (rotation.kind !== 'rotated' && rotation.kind !== 'repeated') return notSignedIn
      return { kind: 'refreshed', user: rotation.user, ...(await tokensOf(rotation, successor)) }
    },
    logout: async ({ refreshToken, claims }) => {
      const named = refreshToken === undefined ? claims?.session : refresh.sessionOf(refreshToken)
      if (!named || (claims && claims.session !== named)) return notSignedIn
      const closed = await store.endSession(named)
      if (closed) ended.add(closed)
      return { kind: 'signed-out' }
    },
    verify: async (token) => {
      const claims = await access.verify(token)
      return claims && !ended.has(claims.session) ? claims : undefined
    },
    hasEnded: (session) => ended.has(session),
    sessions: async ({ user, session }) => (await store.sessions(user)).map((row) => viewOf(row, session)),
    endSession: async ({ user }, session) => {
      const closed = await store.endSession(session, user)
      if (closed) ended.add(closed)
      return closed !== undefined
    },
    resetPassword: async (handle, password) => {
      const outcome = await resetPassword({ store, passwords }, { handle, password })
      if (outcome.kind === 'denied') return outcome
      for (const closed of outcome.ended) ended.add(closed)
      return { kind: 'reset', user: outcome.user }
    },
    endAllSessions: async (user) => {
      const closed = await store.endSessionsOf(user)
      for (const each of closed) ended.add(each)
      return closed.length
    },
    onEnded: (listener) => ended.onEnded(listener),
    rotateSigningKey: async () => {
      await store.retireKeys('sign', now() - keyOutlives)
      const key = fresh()
      // Stored first: a token that it signed must still be good after a crash.
      await store.addKey('sign', key)
      await access.changeKey({ key, since: now() })
    },
    digestKey,
    close: () => store.close(),
  }
}

const notSignedIn: Denied = { kind: 'denied', reason: 'not-signed-in' }

const viewOf = ({ session, device, createdAt, lastSeen }: StoredSession, current: SessionId): SessionView => ({
  id: session,
  device,
  createdAt: new Date(createdAt).toISOString(),
  lastSeen: new Date(lastSeen).toISOString(),
  current: session === current,
})

const only = ([stored]: StoredKey[]): Uint8Array => {
  if (stored?.key.length !== 32) throw new Error('a key in the identity store is missing or damaged')
  return stored.key
}
