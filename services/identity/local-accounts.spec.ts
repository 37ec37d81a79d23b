import type { Ulid } from '@verbatim/protocol'
import { describe, expect, it } from 'vitest'
import { ada, bob, failingAt, firefox, minutes, quickPasswords, rig, signedIn } from './identity.rig.ts'
import { PasswordsBusy } from './passwords.ts'

const taken = { kind: 'denied', reason: 'handle-taken' }
const wrong = { kind: 'denied', reason: 'wrong-credentials' }
const unavailable = { kind: 'denied', reason: 'unavailable', retryAfter: 1 } as const
const mallory = { ...ada, name: 'Mallory', password: 'something else entirely' }

describe('registering', () => {
  it('ID1 opens one account and signs in', async () => {
    const { id, accounts } = await rig()
    const outcome = await signedIn(id)
    expect(outcome).toMatchObject({ kind: 'signed-in', user: { handle: 'ada', name: 'Ada' }, expiresIn: 600 })
    expect([...accounts.opened]).toEqual([[outcome.user.id, { handle: 'ada', name: 'Ada' }]])
    expect(await id.verify(outcome.accessToken)).toEqual({ user: outcome.user.id, session: outcome.session })
  })
  it('ID1 refuses a handle that is taken, whatever its case', async () => {
    const { id, accounts } = await rig()
    await signedIn(id)
    for (const handle of ['ada', 'ADA', 'Ada'])
      expect(await id.register({ ...mallory, handle }, firefox)).toEqual(taken)
    expect(await id.register(ada, firefox)).toEqual(taken)
    expect(accounts.opened.size).toBe(1)
  })
  it('ID2 of twenty at the same time exactly one wins', async () => {
    const { id, accounts } = await rig()
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        id.register({ ...ada, handle: n % 2 ? 'ada' : 'ADA', name: `${n}` }, firefox),
      ),
    )
    expect(outcomes.filter(({ kind }) => kind === 'signed-in')).toHaveLength(1)
    expect(outcomes.filter(({ kind }) => kind === 'denied')).toEqual(Array(19).fill(taken))
    expect(accounts.opened.size).toBe(1)
  })
  it('ID2 a slow registration keeps its handle from all others, however long it takes', async () => {
    const { id, accounts, clock } = await rig()
    const open = accounts.open
    const waiting: (() => void)[] = []
    accounts.open = async (account) => {
      await new Promise<void>((go) => waiting.push(go))
      return open(account)
    }
    const slow = id.register(ada, firefox)
    while (waiting.length === 0) await new Promise(setImmediate)
    clock.pass(5 * minutes)
    expect(await id.register(ada, firefox)).toEqual(taken)
    expect(await id.register(mallory, firefox)).toEqual(taken)
    for (const go of waiting) go()
    expect(await slow).toMatchObject({ kind: 'signed-in', user: { name: 'Ada' } })
    expect(accounts.opened.size).toBe(1)
  })
  it('ID2 of two processes over one store exactly one wins', async () => {
    const first = await rig()
    const second = await rig({ accounts: first.accounts, clock: first.clock, store: first.parts.store })
    const outcomes = await Promise.all([first.id.register(ada, firefox), second.id.register(mallory, firefox)])
    expect(outcomes.filter(({ kind }) => kind === 'signed-in')).toHaveLength(1)
    expect(first.accounts.opened.size).toBe(1)
  })
})

/** A process that dies at the given call of its store or log: nothing after it happens. */
const killedAt = async (line: 'reserve' | 'open' | 'confirm' | 'openSession') => {
  const there = await rig()
  const dying = await rig({
    clock: there.clock,
    accounts: {
      ...there.accounts,
      open: line === 'open' ? () => Promise.reject(new Error('killed')) : there.accounts.open,
    },
    store: failingAt(there.parts.store, line, 'killed'),
  })
  await expect(dying.id.register(ada, firefox)).rejects.toThrow('killed')
  return there
}

describe('registering, with a crash between two lines', () => {
  it.each(['reserve', 'open', 'confirm'] as const)('ID3 the same person finishes what died at %s', async (line) => {
    const { id, accounts } = await killedAt(line)
    const before = [...accounts.opened.keys()]
    const outcome = await signedIn(id)
    expect(accounts.opened.size).toBe(1)
    if (before.length > 0) expect(outcome.user.id).toBe(before[0])
    expect(await id.login(ada, firefox)).toMatchObject({ kind: 'signed-in', user: outcome.user })
  })
  it('ID3 the next try keeps the name of the first', async () => {
    const { id, accounts } = await killedAt('confirm')
    expect(await id.register({ ...ada, name: 'Ada the second' }, firefox)).toMatchObject({ user: { name: 'Ada' } })
    expect([...accounts.opened.values()]).toEqual([{ handle: 'ada', name: 'Ada' }])
  })
  it('ID3 whoever died after the confirmation signs in', async () => {
    const { id } = await killedAt('openSession')
    expect(await id.register(ada, firefox)).toEqual(taken)
    expect(await id.login(ada, firefox)).toMatchObject({ kind: 'signed-in' })
  })
  it('ID4 nobody else gets the handle within a minute', async () => {
    const { id, clock, accounts } = await killedAt('open')
    clock.pass(1 * minutes)
    expect(await id.register(mallory, firefox)).toEqual(taken)
    expect(accounts.opened.size).toBe(0)
  })
  it('ID4 anybody gets it after that, and the first person’s password is worth nothing', async () => {
    const { id, clock, accounts } = await killedAt('open')
    clock.pass(1 * minutes + 1)
    expect(await id.register(mallory, firefox)).toMatchObject({ kind: 'signed-in', user: { name: 'Mallory' } })
    expect(accounts.opened.size).toBe(1)
    expect(await id.login(ada, firefox)).toEqual(wrong)
  })
  it('ID5 nobody else gets it at all when the account is in the log, and its owner signs in', async () => {
    const { id, clock, accounts } = await killedAt('confirm')
    const [user] = accounts.opened.keys()
    clock.pass(60 * minutes)
    expect(await id.register(mallory, firefox)).toEqual(taken)
    expect(accounts.opened.size).toBe(1)
    expect(await id.login(ada, firefox)).toMatchObject({ kind: 'signed-in', user: { id: user } })
  })
  it('ID5 signing in confirms it too', async () => {
    const { id, store } = await killedAt('confirm')
    expect(store.handle('ada')?.confirmed).toBe(false)
    expect(await id.login(ada, firefox)).toMatchObject({ kind: 'signed-in' })
    expect(store.handle('ada')?.confirmed).toBe(true)
  })
  it('ID5 signing in waits for the account to be in the log', async () => {
    const { id, store } = await killedAt('open')
    expect(await id.login(ada, firefox)).toEqual(wrong)
    expect(store.handle('ada')?.confirmed).toBe(false)
  })
  it('ID4 gives nothing away when the log cannot be asked', async () => {
    const { id, clock, accounts, store } = await killedAt('open')
    const user = store.handle('ada')?.user
    clock.pass(60 * minutes)
    accounts.exists = () => Promise.reject(new Error('the log does not answer'))
    await expect(id.register(mallory, firefox)).rejects.toThrow('the log does not answer')
    expect(store.handle('ada')?.user).toBe(user)
  })
  it('ID4 keeps the reservation when the log’s answer is unknown', async () => {
    const { id, accounts, store } = await rig()
    accounts.answer = unavailable
    expect(await id.register(ada, firefox)).toEqual(unavailable)
    const user = store.handle('ada')?.user
    accounts.answer = undefined
    expect((await signedIn(id)).user.id).toBe(user)
  })
  it('ID4 gives the handle back at once when the account is refused', async () => {
    const { id, accounts, store } = await rig()
    accounts.answer = { kind: 'denied', reason: 'malformed', detail: 'name' }
    expect(await id.register(ada, firefox)).toEqual(accounts.answer)
    expect(store.handle('ada')).toBeUndefined()
    accounts.answer = undefined
    expect(await id.register(mallory, firefox)).toMatchObject({ kind: 'signed-in' })
  })
})

describe('signing in', () => {
  it('ID6 a right password signs in under a session of its own', async () => {
    const { id } = await rig()
    const registered = await signedIn(id)
    const outcome = await id.login({ handle: 'ADA', password: ada.password }, firefox)
    expect(outcome).toMatchObject({ kind: 'signed-in', user: registered.user })
    expect(outcome).not.toMatchObject({ session: registered.session })
  })
  it('ID6 a wrong password signs nobody in', async () => {
    const { id, parts } = await rig()
    const { user } = await signedIn(id)
    await signedIn(id, bob)
    for (const password of [
      '',
      ' ',
      bob.password,
      ada.password.toUpperCase(),
      `${ada.password}\0`,
      ada.password.slice(0, -1),
    ])
      expect(await id.login({ handle: 'ada', password }, firefox)).toEqual(wrong)
    expect(await parts.store.sessions(user.id)).toHaveLength(1)
  })
  it('ID6 a store that fails signs nobody in', async () => {
    const there = await rig()
    await signedIn(there.id)
    const store = failingAt(there.parts.store, 'handle', 'the store does not answer')
    const broken = await rig({ accounts: there.accounts, store })
    await expect(broken.id.login(ada, firefox)).rejects.toThrow('the store does not answer')
    await expect(broken.id.login(mallory, firefox)).rejects.toThrow('the store does not answer')
  })
  it('ID6 a check that fails signs nobody in', async () => {
    const passwords = { ...quickPasswords(), verify: () => Promise.reject(new Error('no memory')) }
    const { id, parts } = await rig({ passwords })
    const { user } = await signedIn(id)
    await expect(id.login(ada, firefox)).rejects.toThrow('no memory')
    expect(await parts.store.sessions(user.id)).toHaveLength(1)
  })
  it('ID7 an unknown handle is checked once like a known one, and answered alike', async () => {
    const { id, passwords, store } = await rig()
    await signedIn(id)
    passwords.counted.verified.length = 0
    const known = await id.login({ handle: 'ada', password: 'not the password' }, firefox)
    const unknown = await id.login({ handle: 'nobody', password: 'not the password' }, firefox)
    expect(unknown).toEqual(known)
    expect(unknown).toEqual(wrong)
    const [own, nobodys] = passwords.counted.verified
    expect(passwords.counted.verified).toHaveLength(2)
    expect(own).toBe(store.handle('ada')?.passwordHash)
    expect(nobodys?.length).toBe(own?.length)
    expect(nobodys).not.toBe(own)
  })
  it('ID9 is asked to come again when too many passwords wait', async () => {
    const passwords = quickPasswords()
    const { id } = await rig({ passwords })
    passwords.hash = () => Promise.reject(new PasswordsBusy())
    passwords.verify = () => Promise.reject(new PasswordsBusy())
    expect(await id.login(ada, firefox)).toMatchObject({ kind: 'denied', reason: 'unavailable', retryAfter: 5 })
    expect(await id.register(ada, firefox)).toMatchObject({ kind: 'denied', reason: 'unavailable', retryAfter: 5 })
  })
  it('ID25 no error of the store, the log or the hash carries a password', async () => {
    const { id, store, accounts } = await rig()
    const { user } = await signedIn(id)
    accounts.open = () => Promise.reject(new Error('the log does not answer'))
    const failures = [await id.register(bob, firefox).catch((error: unknown) => error)]
    store.close()
    failures.push(
      await id.login(ada, firefox).catch((error: unknown) => error),
      await id.sessions({ user: user.id, session: user.id as Ulid }).catch((error: unknown) => error),
    )
    for (const failure of failures) {
      expect(failure).toBeInstanceOf(Error)
      const told = failure instanceof Error ? `${failure.stack} ${JSON.stringify(failure)}` : ''
      for (const secret of [ada.password, bob.password, 'quick$']) expect(told).not.toContain(secret)
    }
  })
})
