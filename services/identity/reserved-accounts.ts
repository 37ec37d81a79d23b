import { refusals, type SessionId, type UserId } from '@verbatim/protocol'
import type { Calls } from '@verbatim/services/threads'
import type { HandleRow, IdentityStore, Proof } from './identity-store.ts'
import type { Accounts, Denied } from './port.ts'

export type Admitted = {
  readonly kind: 'admitted'
  readonly user: { id: UserId; handle: string; name: string }
  readonly by: Proof
}

/** Appends the account of a reservation and confirms it. A repeat after a crash finishes what was begun. */
export type Open = (row: HandleRow, by: Proof, session: SessionId) => Promise<Admitted | Denied>

export const reservedAccounts =
  ({ store, accounts }: { readonly store: Calls<IdentityStore>; readonly accounts: Accounts }): Open =>
  async (row, by, session) => {
    const { handle, user, name } = row
    const outcome = await accounts.open({ user, handle, name, session })
    if (outcome !== 'opened') {
      // With a 503 the account may yet turn out to be in the log: the reservation stays for the next try to find.
      if (refusals[outcome.reason].status !== 503 && !(await accounts.exists(user))) await store.release(handle, user)
      return outcome
    }
    return (await store.confirm(handle, user)) ? admitted(row, by) : unavailable
  }

export const admitted = ({ user, handle, name }: HandleRow, by: Proof): Admitted => ({
  kind: 'admitted',
  user: { id: user, handle, name },
  by,
})
export const unavailable: Denied = { kind: 'denied', reason: 'unavailable', retryAfter: 1 }
