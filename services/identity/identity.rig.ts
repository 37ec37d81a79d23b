import { createHash } from 'node:crypto'
import { MessageChannel } from 'node:worker_threads'
import { type Ulid, type UserId, ulids } from '@verbatim/protocol'
import { callsOver, serveCalls } from '@verbatim/services/threads'
import { openIdentityStore } from './adapters/sqlite.ts'
import { type IdentityParts, identity } from './identity.ts'
import type { IdentityStore } from './identity-store.ts'
import type { Passwords } from './passwords.ts'
import type { Accounts, Denied, Device, Identity } from './port.ts'

/** For tests: identity over a store behind a real message channel, with a clock that is set by hand. */
export const noon = Date.UTC(2026, 4, 1, 12)
export const minutes = 60_000
export const days = 24 * 60 * minutes
export const firefox: Device = {
  device: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  address: '127.0.0.1',
}
export const ada = { handle: 'ada', name: 'Ada', password: 'correct horse battery' }
export const bob = { handle: 'bob', name: 'Bob', password: 'staple of the battery' }

export const clockAt = (time: number) => {
  const clock = {
    time,
    now: () => clock.time,
    pass: (ms: number) => {
      clock.time += ms
    },
  }
  return clock
}

/** Chance that a test can repeat. */
export const seeded = (seed: string) => {
  let calls = 0
  return (into: Uint8Array): void => {
    for (let at = 0; at < into.length; at += 32)
      into.set(
        createHash('sha256')
          .update(`${seed} ${calls++}`)
          .digest()
          .subarray(0, into.length - at),
        at,
      )
  }
}

/** Fast, and counts. */
export const quickPasswords = () => {
  const counted = { hashed: 0, verified: [] as string[] }
  const digest = (password: string) => `quick$${createHash('sha256').update(password).digest('hex')}`
  const passwords: Passwords = {
    hash: async (password) => {
      counted.hashed++
      return digest(password)
    },
    verify: async (hash, password) => {
      // As argon2 does, and not `false`: an account without a password must not come so far.
      if (!hash.startsWith('quick$')) throw new Error('this is no hash')
      counted.verified.push(hash)
      return hash === digest(password)
    },
  }
  return { ...passwords, counted }
}

/** The log, as far as identity sees it. */
export const memoryAccounts = () => {
  const opened = new Map<UserId, { handle: string; name: string }>()
  const accounts: Accounts & { opened: typeof opened; answer?: Denied | undefined } = {
    opened,
    open: async ({ user, handle, name }) => {
      if (accounts.answer) return accounts.answer
      if (!opened.has(user)) opened.set(user, { handle, name })
      return 'opened'
    },
    exists: async (user) => opened.has(user),
  }
  return accounts
}

/** The store as main sees it from its own thread. */
export const acrossThreads = (store: IdentityStore) => {
  const { port1, port2 } = new MessageChannel()
  serveCalls(port1, store)
  const calls = callsOver<IdentityStore>(port2)
  port1.unref()
  port2.unref()
  return calls
}

/** The same store, but one of its methods fails. */
export const failingAt = <S extends object>(store: S, method: string, why: string): S =>
  new Proxy(store, {
    get: (target, name) => (name === method ? () => Promise.reject(new Error(why)) : Reflect.get(target, name)),
  })

let rigs = 0
export type Rig = Awaited<ReturnType<typeof rig>>
/** Starts identity; again with the same `file`, `clock` and `accounts` it is a restart. */
export const rig = async ({
  file = ':memory:',
  clock = clockAt(noon),
  accounts = memoryAccounts(),
  ...others
}: { file?: string; clock?: ReturnType<typeof clockAt>; accounts?: ReturnType<typeof memoryAccounts> } & Partial<
  Pick<IdentityParts, 'passwords' | 'store' | 'random' | 'providers' | 'openId' | 'report'>
> = {}) => {
  const passwords = quickPasswords()
  const random = seeded(`rig ${rigs++}`)
  const store = openIdentityStore(file, clock)
  const parts: IdentityParts = {
    store: acrossThreads(store),
    accounts,
    now: clock.now,
    ulid: ulids(clock.now, random),
    random,
    issuer: 'https://chat.example',
    audience: 'verbatim',
    passwords,
    ...others,
  }
  const id: Identity = await identity(parts)
  const ended: { session: Ulid; user: UserId }[] = []
  id.onEnded((session, user) => ended.push({ session, user }))
  return { id, parts, store, clock, accounts, passwords, ended }
}

export const signedIn = async (id: Identity, who = ada) => {
  const outcome = await id.register(who, firefox)
  if (outcome.kind === 'denied') throw new Error(`not signed in: ${outcome.reason}`)
  return outcome
}
export const refreshed = async (id: Identity, token: string) => {
  const outcome = await id.refresh(token, firefox)
  if (outcome.kind === 'denied') throw new Error(`not refreshed: ${outcome.reason}`)
  return outcome
}
