import type { UserId } from '@verbatim/protocol'
import { password as passwordWord } from '@verbatim/protocol/words'
import type { EndedSession, IdentityStore } from './identity-store.ts'
import type { Passwords } from './passwords.ts'
import type { Denied } from './port.ts'

type Reset = { readonly kind: 'reset'; readonly user: UserId; readonly ended: readonly EndedSession[] }
type SetsPassword = {
  setPassword(...of: Parameters<IdentityStore['setPassword']>): Promise<SetPassword> | SetPassword
}
type SetPassword = ReturnType<IdentityStore['setPassword']>

/**
 * Gives an account another password and ends its sessions, over a store that is open here or in another thread. Beside
 * a running server it is that server's identity that must be asked: only it can close the sockets of what ended.
 * `malformed` when the password is too short or too long, `no-such-person` when nobody has the handle.
 */
export const resetPassword = async (
  { store, passwords }: { readonly store: SetsPassword; readonly passwords: Passwords },
  { handle, password }: { readonly handle: string; readonly password: string },
): Promise<Reset | Denied> => {
  const checked = passwordWord.safeParse(password)
  if (!checked.success) return { kind: 'denied', reason: 'malformed', detail: `password: ${PASSWORD_FORM}` }
  const set = await store.setPassword(handle.toLowerCase(), await passwords.hash(password))
  return set ? { kind: 'reset', ...set } : { kind: 'denied', reason: 'no-such-person' }
}

const PASSWORD_FORM = '10 to 1,024 bytes'
