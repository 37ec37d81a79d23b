import { randomBytes } from 'node:crypto'
import { argon2Passwords, type IdentityStore, openIdentityStore, resetPassword } from '@verbatim/services/identity'
import type { Calls } from '@verbatim/services/threads'
import type { Admin, SignedOut } from '../../embedded/admin.ts'
import { NobodyNamed } from '../../embedded/administering.ts'
import { noteAct } from '../../embedded/journal.ts'
import { type Adds, addCommand, addGroup, type Cli, type Options, tell } from '../cli.ts'
import { Failure } from '../failure.ts'
import { existingLog, identityFile } from '../files.ts'
import { asOnlyWriter } from '../server.ts'
import { many } from '../text.ts'

/** `verbatim user`: what an operator does for or about one account. */
export const user: Adds = (program, cli) => {
  const group = addGroup(
    program,
    'user',
    'Helps or stops one account, beside a running server at once',
    'reset-password ada',
  )
  addCommand(
    group,
    'reset-password',
    'Gives an account a new password, prints it, and signs the person out everywhere',
    'reset-password ada',
  )
    .argument('<handle>')
    .option('--stdin', 'reads the new password from standard input instead of making one')
    .action(async (handle: string, options: Options & { stdin?: boolean }) => {
      const password = options.stdin ? (await cli.input()).replace(/\r?\n$/, '') : newPassword()
      const { ended } = await reset(cli, handle, password)
      const shown = options.stdin ? {} : { password }
      tell(cli, options, { handle, ended, ...shown }, () => [
        ...(options.stdin ? [`${handle} has the new password`] : [`new password of ${handle}: ${password}`]),
        `${many(ended, 'session')} ended`,
      ])
    })
  addCommand(group, 'sign-out', 'Signs a person out everywhere', 'sign-out ada')
    .argument('<handle>')
    .action(async (handle: string, options: Options) => {
      const { ended } = await signOut(cli, handle)
      tell(cli, options, { handle, ended }, () => [`${many(ended, 'session')} of ${handle} ended`])
    })
  addCommand(group, 'admin', 'Makes a person an administrator of the installation', 'admin ada')
    .argument('<handle>')
    .option('--revoke', 'takes it back')
    .action(async (handle: string, options: Options & { revoke?: boolean }) => {
      const is = options.revoke !== true
      const { changed } = await setAdmin(cli, handle, is)
      const already = changed ? '' : ' already'
      tell(cli, options, { handle, admin: is, changed }, () => [
        is
          ? `${handle} is${already} an administrator`
          : `${handle} is${changed ? ' no longer' : ' not'} an administrator`,
      ])
    })
}

const reset = (cli: Cli, handle: string, password: string): Promise<SignedOut> =>
  withAccount(cli, handle, {
    beside: (admin) => admin.resetPassword(handle, password),
    alone: async ({ store }) => {
      const set = await resetPassword({ store, passwords: argon2Passwords() }, { handle, password })
      if (set.kind === 'denied') throw new Failure(set.detail ?? set.reason)
      await noteAct(cli.folder, { act: 'reset-password', user: set.user }, cli.now)
      return { user: set.user, ended: set.ended.length }
    },
  })

const signOut = (cli: Cli, handle: string): Promise<SignedOut> =>
  withAccount(cli, handle, {
    beside: (admin) => admin.signOut(handle),
    alone: async ({ store, user }) => {
      const ended = store.endSessionsOf(user).length
      await noteAct(cli.folder, { act: 'sign-out', user, ended }, cli.now)
      return { user, ended }
    },
  })

const setAdmin = (cli: Cli, handle: string, is: boolean): Promise<{ changed: boolean }> =>
  withAccount(cli, handle, {
    beside: (admin) => admin.setAdmin(handle, is),
    alone: async ({ store, user }) => {
      const changed = store.setAdmin(user, is)
      if (changed) await noteAct(cli.folder, { act: is ? 'make-admin' : 'unmake-admin', user }, cli.now)
      return { changed }
    },
  })

type Account = { readonly store: IdentityStore; readonly user: Parameters<IdentityStore['endSessionsOf']>[0] }
const withAccount = <T>(
  cli: Cli,
  handle: string,
  { beside, alone }: { beside: (admin: Calls<Admin>) => Promise<T>; alone: (account: Account) => Promise<T> },
): Promise<T> =>
  asOnlyWriter(cli.folder, {
    beside,
    alone: async () => {
      existingLog(cli.folder)
      const store = openIdentityStore(identityFile(cli.folder), { now: cli.now })
      try {
        const known = store.handle(handle.toLowerCase())
        if (!known?.confirmed) throw new NobodyNamed(handle)
        return await alone({ store, user: known.user })
      } finally {
        store.close()
      }
    },
  })

/** 32 letters that are hard to mix up. */
const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789'
/** 20 of them in groups: 100 bits of chance. */
const newPassword = (): string => {
  const letters = [...randomBytes(20)].map((byte) => LETTERS[byte % 32]).join('')
  return letters.replace(/(.{5})(?=.)/g, '$1-')
}
