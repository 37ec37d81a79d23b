import { refusals, type SessionId, type Ulid, type UserId } from '@verbatim/protocol'
import type { Calls } from '@verbatim/services/threads'
import type { HandleRow, IdentityStore, KnownHandle } from './identity-store.ts'
import { type Passwords, PasswordsBusy } from './passwords.ts'
import type { Accounts, Denied } from './port.ts'

type Admitted = { readonly kind: 'admitted'; readonly user: { id: UserId; handle: string; name: string } }
type Parts = {
  readonly store: Calls<IdentityStore>
  readonly accounts: Accounts
  readonly passwords: Passwords
  readonly ulid: () => Ulid
  /** A secret that nobody knows. */
  readonly unknown: () => Uint8Array
}
type Registration = { readonly handle: string; readonly name: string; readonly password: string }

/**
 * People who sign in with a password. The handle is reserved here, the account appended to the log, the handle
 * confirmed: whoever finds a reservation asks the log what became of it, so that one handle never names two accounts.
 */
export const localAccounts = async ({ store, accounts, passwords, ulid, unknown }: Parts) => {
  // Checked when there is no such handle, so that the answer takes as long as for a wrong password.
  const nobodysHash = await passwords.hash(Buffer.from(unknown()).toString('base64url'))
  /** Handles that this process is registering: their reservations are not abandoned, however old. */
  const underWay = new Set<string>()

  const register = async (input: Registration, session: SessionId): Promise<Admitted | Denied> => {
    const row = await reserve(input)
    if (!row) return taken
    const { handle, user, name } = row
    const outcome = await accounts.open({ user, handle, name, session })
    if (outcome !== 'opened') {
      // With a 503 the account may yet turn out to be in the log: the reservation stays for the next try to find.
      if (refusals[outcome.reason].status !== 503 && !(await accounts.exists(user))) await store.release(handle, user)
      return outcome
    }
    return (await store.confirm(handle, user)) ? admitted(row) : unavailable
  }

  const reserve = async ({ handle, name, password }: Registration): Promise<HandleRow | undefined> => {
    const known = await store.handle(handle)
    if (known?.confirmed) return undefined
    // The same person tries again after a lost answer or a crash: it is the same account.
    if (known && (await passwords.verify(known.passwordHash, password))) return known
    if (known && (await stands(known))) return undefined
    const row = { handle, name, user: ulid(), passwordHash: await passwords.hash(password) }
    return (await store.reserve(row, known?.user)) ? row : undefined
  }

  /** Whether a reservation holds against somebody else. One whose account is in the log is confirmed on the way. */
  const stands = async ({ handle, user, stale }: KnownHandle): Promise<boolean> => {
    if (await accounts.exists(user)) {
      await store.confirm(handle, user)
      return true
    }
    return !stale
  }

  const login = async ({ handle, password }: { handle: string; password: string }): Promise<Admitted | Denied> => {
    const known = await store.handle(handle)
    const right = await passwords.verify(known?.passwordHash ?? nobodysHash, password)
    if (!known || !right) return wrong
    if (known.confirmed) return admitted(known)
    // Registered, but the process died before the last step.
    const there = (await accounts.exists(known.user)) && (await store.confirm(handle, known.user))
    return there ? admitted(known) : wrong
  }

  return {
    register: async (input: Registration, session: SessionId): Promise<Admitted | Denied> => {
      const handle = fold(input.handle)
      if (underWay.has(handle)) return taken
      underWay.add(handle)
      try {
        return await register({ ...input, handle }, session)
      } catch (error) {
        return busy(error)
      } finally {
        underWay.delete(handle)
      }
    },
    login: async (input: { handle: string; password: string }): Promise<Admitted | Denied> => {
      try {
        return await login({ ...input, handle: fold(input.handle) })
      } catch (error) {
        return busy(error)
      }
    },
  }
}

const fold = (handle: string): string => handle.toLowerCase()

const taken: Denied = { kind: 'denied', reason: 'handle-taken' }
const wrong: Denied = { kind: 'denied', reason: 'wrong-credentials' }
const unavailable: Denied = { kind: 'denied', reason: 'unavailable', retryAfter: 1 }

const admitted = ({ user, handle, name }: HandleRow): Admitted => ({
  kind: 'admitted',
  user: { id: user, handle, name },
})

const busy = (error: unknown): Denied => {
  if (error instanceof PasswordsBusy) return { ...unavailable, retryAfter: 5 }
  throw error
}
