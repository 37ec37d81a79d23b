import type { SessionId, Ulid, UserId } from '@verbatim/protocol'
import type { Calls } from '@verbatim/services/threads'
import type { HandleRow, IdentityStore, KnownHandle, ProviderLink } from '../identity-store.ts'
import type { Accounts, Denied } from '../port.ts'
import { type Admitted, admitted, type Open, unavailable } from '../reserved-accounts.ts'
import { inTurn } from './in-turn.ts'
import { handleFrom, nameFrom, withEnding } from './names.ts'
import type { Fault, Profile, Vouched } from './port.ts'

type Parts = {
  readonly store: Calls<IdentityStore>
  readonly accounts: Accounts
  readonly open: Open
  readonly ulid: () => Ulid
  readonly random: (into: Uint8Array) => void
  /** Handles that this process is registering; local accounts share it. */
  readonly underWay: Set<string>
}

/**
 * Accounts that a provider vouches for, found by (issuer, subject) and never by an address or a name: those can be
 * somebody else's at another provider. The first time handle and link are reserved together, the account appended, the
 * handle confirmed, as with local accounts; whoever comes back after a crash goes on with the same account.
 */
export const linkedAccounts = ({ store, accounts, open, ulid, random, underWay }: Parts) => {
  /** Two windows of one person at a time would take each other for a stranger. */
  const oneAtATime = inTurn()

  const admit = async (vouched: Vouched, session: SessionId): Promise<Admitted | Denied | Fault> => {
    const known = await store.linked(vouched.link)
    if (known?.confirmed) return admitted(known, vouched.link)
    if (known) return goOn(known, vouched.link, session)
    const profile = await vouched.profile()
    return 'kind' in profile ? profile : register(profile, vouched.link, session)
  }

  const register = async (profile: Profile, link: ProviderLink, session: SessionId): Promise<Admitted | Denied> => {
    const wanted = handleFrom(profile)
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const handle = attempt === 0 ? wanted : withEnding(wanted, ending())
      if (underWay.has(handle)) continue
      underWay.add(handle)
      try {
        const row: HandleRow = { handle, user: ulid(), name: nameFrom(profile, handle), passwordHash: '' }
        const reserved = await store.reserveLinked(row, link)
        if (reserved === 'reserved') return await open(row, link, session)
        // By another process: the next try finds it.
        if (reserved === 'link-taken') return unavailable
      } finally {
        underWay.delete(handle)
      }
    }
    return unavailable
  }

  /** Registered, but the process died before the last step. */
  const goOn = async ({ handle, user }: KnownHandle, link: ProviderLink, session: SessionId) => {
    if (underWay.has(handle)) return unavailable
    underWay.add(handle)
    try {
      // Looked at again now that nobody else can take it: the reservation may have been given away just before.
      const still = await store.linked(link)
      return still?.user === user ? await open(still, link, session) : unavailable
    } finally {
      underWay.delete(handle)
    }
  }

  const attach = async (link: ProviderLink, user: UserId): Promise<'linked' | 'linked-elsewhere'> => {
    if (await store.link(link, user)) return 'linked'
    const holder = await store.linked(link)
    // A registration by this link that never came to be holds nothing back.
    const isAbandoned = holder?.stale && !underWay.has(holder.handle) && !(await accounts.exists(holder.user))
    if (!isAbandoned) return 'linked-elsewhere'
    await store.release(holder.handle, holder.user)
    return (await store.link(link, user)) ? 'linked' : 'linked-elsewhere'
  }

  const ending = (): string => {
    const bytes = new Uint8Array(4)
    random(bytes)
    return [...bytes].map((byte) => LETTERS[byte % LETTERS.length]).join('')
  }

  return {
    admit: (vouched: Vouched, session: SessionId) => oneAtATime(nameOf(vouched.link), () => admit(vouched, session)),
    attach: (link: ProviderLink, user: UserId) => oneAtATime(nameOf(link), () => attach(link, user)),
  }
}

const TRIES = 8
/** Without those that are easily misread. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789'

const nameOf = ({ issuer, subject }: ProviderLink): string => JSON.stringify([issuer, subject])
