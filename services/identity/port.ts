import type { Person, Reason, SessionId, SessionView, UserId } from '@verbatim/protocol'
import type { ProviderSignIn } from './oidc/port.ts'

/** Where a sign-in comes from. */
export type Device = {
  /** User-Agent, at most 256 characters. */
  readonly device: string
  readonly address: string
}

export type SignIn = {
  readonly kind: 'signed-in'
  /** The name is the one given at registration; the social graph knows the present one. */
  readonly user: Person
  readonly session: SessionId
  readonly accessToken: string
  /** Seconds. */
  readonly expiresIn: number
  /** Value of the refresh cookie. */
  readonly refreshToken: string
}
export type Refreshed = Omit<SignIn, 'kind' | 'user'> & { readonly kind: 'refreshed'; readonly user: UserId }
export type Denied = {
  readonly kind: 'denied'
  readonly reason: Reason
  readonly detail?: string
  readonly retryAfter?: number
}
export type Claims = { readonly user: UserId; readonly session: SessionId }

export interface Identity {
  register(input: { handle: string; name: string; password: string }, from: Device): Promise<SignIn | Denied>
  /** An unknown handle and a wrong password answer alike, in the same time. */
  login(input: { handle: string; password: string }, from: Device): Promise<SignIn | Denied>
  /** Sign-in by OpenID Connect, and linking. */
  readonly byProvider: ProviderSignIn
  /** Rotates. Within the grace an old token gives the same successor; later it is reuse and ends the family. */
  refresh(refreshToken: string, from: Device): Promise<Refreshed | Denied>
  /** By the refresh token, else by the access token's session; when both are given they must agree. */
  logout(by: { refreshToken?: string; claims?: Claims }): Promise<{ kind: 'signed-out' } | Denied>
  /** Signature, expiry and session. `undefined` for everything that is not a valid access token of a living session. */
  verify(accessToken: string): Promise<Claims | undefined>
  /** Whether the session has ended; answered from memory. */
  hasEnded(session: SessionId): boolean
  sessions(of: Claims): Promise<SessionView[]>
  /** `false` when it is not there or not one's own. */
  endSession(of: Claims, session: SessionId): Promise<boolean>
  /**
   * For an operator: another password for the account, which also ends all its sessions. `no-such-person` when nobody
   * has the handle. An account that only ever signed in by a provider has a password from then on.
   */
  resetPassword(handle: string, password: string): Promise<{ kind: 'reset'; user: UserId } | Denied>
  /** For an operator: signs a person out everywhere. Answers how many sessions ended. */
  endAllSessions(user: UserId): Promise<number>
  /** Told once for each session that ends, in the turn in which `hasEnded` begins to say so. */
  onEnded(listener: (session: SessionId, user: UserId) => void): void
  /**
   * For an operator: a new key signs from now on. Nobody is signed out: the old one verifies what it signed, ten minutes
   * long, and is then forgotten. Without a running server, `addKey` on the store does the same from the next start on.
   */
  rotateSigningKey(): Promise<void>
  /** Key of the HMAC over commands' contents. */
  readonly digestKey: Uint8Array
  close(): Promise<void>
}

/** What identity asks of the rest: to append the account, and whether it was appended. */
export interface Accounts {
  /** Appends AccountRegistered; a repeat for the same user changes nothing, whatever its session. */
  open(account: { user: UserId; handle: string; name: string; session: SessionId }): Promise<'opened' | Denied>
  /** By the log itself: a read model may be behind. */
  exists(user: UserId): Promise<boolean>
}
