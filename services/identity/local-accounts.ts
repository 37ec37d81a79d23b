import type { SessionId, Ulid } from '@verbatim/protocol'
import type { Calls } from '@verbatim/services/threads'
import type { HandleRow, IdentityStore, KnownHandle } from './identity-store.ts'
import { type Passwords, PasswordsBusy } from './passwords.ts'
import type { Accounts, Denied } from './port.ts'
import { type Admitted, admitted, type Open, unavailable } from './reserved-accounts.ts'

type Parts = {
  readonly store: Calls<IdentityStore>
  readonly accounts: Accounts
  readonly open: Open
  readonly passwords: Passwords
  readonly ulid: () => Ulid
  /** A secret that nobody knows. */
  readonly unknown: () => Uint8Array
  /** Handles that this process is registering: their reservations are not abandoned, however old. */
  readonly underWay: Set<string>
}
type Registration = { readonly handle: string; readonly name: string; readonly password: string }

/**
 * People who sign in with a password. The handle is reserved here, the account appended to the log, the handle
 * confirmed: whoever finds a reservation asks the log what became of it, so that one handle never names two accounts.
 */
export const localAccounts = async ({ store, accounts, open, passwords, ulid, unknown, underWay }: Parts) => {
  // Checked when there is no such handle or no password, so that the answer takes as long as for a wrong password.
  const nobodysHash = await passwords.hash(Buffer.from(unknown()).toString('base64url'))
  const isRight = (known: KnownHandle | undefined, password: string): Promise<boolean> =>
    passwords.verify(known?.passwordHash || nobodysHash, password)

  const register = async (input: Registration, session: SessionId): Promise<Admitted | Denied> => {
    const row = await reserve(input)
    return row ? open(row, { passwordHash: row.passwordHash }, session) : taken
  }

  const reserve = async ({ handle, name, password }: Registration): Promise<HandleRow | undefined> => {
    const known = await store.handle(handle)
    if (known?.confirmed) return undefined
    // The same person tries again after a lost answer or a crash: it is the same account.
    if (known && (await isRight(known, password))) return known
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
    const right = await isRight(known, password)
    if (!known || !right) return wrong
    const by = { passwordHash: known.passwordHash }
    if (known.confirmed) return admitted(known, by)
    // Registered, but the process died before the last step.
    const there = (await accounts.exists(known.user)) && (await store.confirm(handle, known.user))
    return there ? admitted(known, by) : wrong
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

export const taken: Denied = { kind: 'denied', reason: 'handle-taken' }
export const wrong: Denied = { kind: 'denied', reason: 'wrong-credentials' }
const busy = (error: unknown): Denied => {
  if (error instanceof PasswordsBusy) return { ...unavailable, retryAfter: 5 }
  throw error
}
