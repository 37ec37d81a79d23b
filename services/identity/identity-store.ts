import type { SessionId, UserId } from '@verbatim/protocol'

/** Whose a handle is. A reserved one becomes confirmed once its account is in the log. */
export type HandleRow = {
  /** Folded. */
  readonly handle: string
  readonly user: UserId
  /** As registered; the account's present name is the social graph's to tell. */
  readonly name: string
  /** PHC string; empty for an account that only providers vouch for. */
  readonly passwordHash: string
}
export type KnownHandle = HandleRow & {
  readonly confirmed: boolean
  /** Reserved longer than a minute ago and never confirmed: it may be given away, if the log knows no such account. */
  readonly stale: boolean
}

/** Somebody's account at a provider. Neither part is ours to interpret; together they name one person for ever. */
export type ProviderLink = {
  /** As the provider signs it. */
  readonly issuer: string
  readonly subject: string
}

/** What let somebody in: the password hash that his password was checked against, or the link that a provider vouched for. */
export type Proof = { readonly passwordHash: string } | ProviderLink

/** SHA-256 of a refresh token, base64url. The token itself is stored nowhere. */
export type TokenHash = string
export type NewSession = {
  readonly session: SessionId
  readonly user: UserId
  readonly device: string
  readonly token: TokenHash
  readonly by?: Proof
}
/** Times in milliseconds since the epoch. */
export type StoredSession = {
  readonly session: SessionId
  readonly user: UserId
  readonly device: string
  readonly createdAt: number
  readonly lastSeen: number
}
export type EndedSession = { readonly session: SessionId; readonly user: UserId }

export type Rotation =
  /** The successor is the session's token now. */
  | { readonly kind: 'rotated'; readonly session: SessionId; readonly user: UserId }
  /** The old token had its turn at most ten seconds ago: its successor stands. */
  | { readonly kind: 'repeated'; readonly session: SessionId; readonly user: UserId }
  /** An old token came later than that: somebody copied it. The session has ended. */
  | { readonly kind: 'reused'; readonly session: SessionId; readonly user: UserId }
  /** Unused for sixty days. The session has ended. */
  | { readonly kind: 'expired'; readonly session: SessionId; readonly user: UserId }
  /** No such session, one that ended before, or one that the clock says is not yet begun. */
  | { readonly kind: 'unknown' }

export type KeyPurpose = 'sign' | 'refresh' | 'digest'
export type StoredKey = {
  readonly key: Uint8Array
  /** From when on it was the newest, in milliseconds since the epoch. */
  readonly since: number
}

/**
 * Handles, sessions and keys: with the log the only state that cannot be built again. Each method is one transaction,
 * durable when it answers. Synchronous, because it runs in a thread of its own; the rest sees `Calls<IdentityStore>`.
 */
export type IdentityStore = {
  handle(handle: string): KnownHandle | undefined
  /**
   * `false` when somebody has the handle. With `insteadOf` the reservation of that user is replaced, if it is still
   * that user's, unconfirmed and stale.
   */
  reserve(row: HandleRow, insteadOf?: UserId): boolean
  /** `false` when the handle is not that user's; confirming twice is confirming. */
  confirm(handle: string, user: UserId): boolean
  /** Gives a reservation up; a confirmed handle stays. */
  release(handle: string, user: UserId): void
  /** The account that a link leads to; like `handle`, it may be reserved only. */
  linked(link: ProviderLink): KnownHandle | undefined
  /** Reserves a handle together with the link that leads to it: both or neither. They are released together, too. */
  reserveLinked(row: HandleRow, link: ProviderLink): 'reserved' | 'handle-taken' | 'link-taken'
  /** `false` when the link leads to somebody else, or there is no such account. Linking twice is linking. */
  link(link: ProviderLink, user: UserId): boolean
  /** In the order of linking. */
  linksOf(user: UserId): ProviderLink[]
  /**
   * Takes links of an account away; unlinking twice is unlinking. `only-way-in`, and all stay, when it has no password
   * and none of the links `others` is there, so that nobody could sign in to it any more.
   */
  unlink(user: UserId, links: readonly ProviderLink[], others: readonly ProviderLink[]): 'unlinked' | 'only-way-in'
  /**
   * Another password for a confirmed handle. The person's sessions end with the same transaction, since whoever had the
   * old password may hold one; they are answered. `undefined` when there is no such account.
   */
  setPassword(handle: string, passwordHash: string): { user: UserId; ended: EndedSession[] } | undefined
  /**
   * Answers the sessions that ended for it: those unused for sixty days, and the person's longest unused past 100.
   * `undefined`, and nothing is opened, when `by` holds no longer: checking a password takes long, and in the meantime
   * the account may have been given another one just because this one is in wrong hands.
   */
  openSession(session: NewSession): EndedSession[] | undefined
  /** Takes `from` out of use and puts `to` in its place; `to` must be a function of `from`. */
  rotate(session: SessionId, from: TokenHash, to: TokenHash): Rotation
  /** The living ones, last seen first. */
  sessions(user: UserId): StoredSession[]
  /** `undefined` when there is none living; with `user`, none of that user's. */
  endSession(session: SessionId, user?: UserId): EndedSession | undefined
  /** Ends all sessions of a person, and answers them. */
  endSessionsOf(user: UserId): EndedSession[]
  /** The sessions that ended last, at most 20,000. */
  ended(): EndedSession[]
  /** Whether the person administers the installation. Answers whether that changed anything. */
  setAdmin(user: UserId, is: boolean): boolean
  isAdmin(user: UserId): boolean
  /** The keys of a purpose, oldest first; `first` becomes the first one if there is none. */
  keys(purpose: KeyPurpose, first: Uint8Array): StoredKey[]
  /** A newer key; older ones stay until they are retired. */
  addKey(purpose: KeyPurpose, key: Uint8Array): void
  /** Forgets the keys that had a newer one at `time` already. The newest stays, whatever the time. */
  retireKeys(purpose: KeyPurpose, time: number): void
  close(): void
}

export const identityTimes = {
  reservedFor: 60_000,
  /** A session stamped further ahead than this is of a clock that was wrong: it waits until it is right. */
  ahead: 24 * 60 * 60_000,
  endedFor: 24 * 60 * 60_000,
} as const
export const identitySizes = { sessionsPerUser: 100, ended: 20_000 } as const
