import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { ada, bob, failingAt, firefox, minutes, rig, signedIn } from '../identity.rig.ts'
import type { ProviderLink } from '../identity-store.ts'
import type { Attempt, Fault, OpenId, Profile, Provider } from './port.ts'

const publicUrl = 'https://chat.example'
const provider = (id: string): Provider => ({
  id,
  label: id.toUpperCase(),
  issuer: `https://${id}.example`,
  clientId: 'verbatim',
  clientSecret: '',
})
const [corp, club] = [provider('corp'), provider('club')]
const adaAtCorp: Profile = { username: 'ada', name: 'Ada Okafor' }

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})
const freshFile = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'identity-'))
  folders.push(folder)
  return join(folder, 'identity.db')
}

/** A provider that vouches for whoever the code names. */
const vouching = () => {
  const said = {
    redeemed: [] as Attempt[],
    profile: adaAtCorp as Profile | Fault,
    fault: undefined as Fault | undefined,
  }
  const openId: OpenId = {
    authorize: async ({ issuer }, { state, redirectUri }) =>
      said.fault ?? { kind: 'go', url: `${issuer}/authorize?state=${state}&redirect_uri=${redirectUri}` },
    redeem: async ({ issuer }, attempt, answer) => {
      said.redeemed.push(attempt)
      if (said.fault) return said.fault
      const subject = answer.get('code') ?? ''
      return { kind: 'vouched', link: { issuer, subject }, profile: async () => said.profile }
    },
  }
  return { openId, said }
}
const start = async (change: Parameters<typeof rig>[0] = {}) => {
  const { openId, said } = vouching()
  const told: unknown[] = []
  const made = await rig({ providers: [corp, club], openId, report: (fault) => told.push(fault), ...change })
  return { ...made, said, told, by: made.id.byProvider }
}
type Started = Awaited<ReturnType<typeof start>>

const begin = async (
  { by }: Pick<Started, 'by'>,
  id = 'corp',
  link?: Parameters<Started['by']['begin']>[1]['link'],
) => {
  const begun = await by.begin(id, { publicUrl, ...(link && { link }) })
  if (begun?.kind !== 'begun') throw new Error('not begun')
  return { attempt: begun.attempt, state: new URL(begun.url).searchParams.get('state') ?? '' }
}
const comeBack = (
  { by }: Pick<Started, 'by'>,
  { attempt, state }: { attempt: string; state: string },
  { code = 'ada-1', id = 'corp' } = {},
) => by.finish(id, { publicUrl, attempt, answer: new URLSearchParams({ state, code }) }, firefox)
const enter = async (started: Pick<Started, 'by'>, how: { code?: string; id?: string } = {}) =>
  comeBack(started, await begin(started, how.id), how)
const entered = async (started: Pick<Started, 'by'>, how: { code?: string; id?: string } = {}) => {
  const outcome = await enter(started, how)
  if (outcome?.kind !== 'signed-in') throw new Error(JSON.stringify(outcome))
  return outcome
}
const fault = (name: string) => ({ kind: 'fault', fault: name })

describe('signing in by a provider', () => {
  it('ID30 registers the first time and signs in to the same account every later time', async () => {
    const started = await start()
    const first = await entered(started)
    expect(first.user).toEqual({ id: first.user.id, handle: 'ada', name: 'Ada Okafor' })
    expect([...started.accounts.opened]).toEqual([[first.user.id, { handle: 'ada', name: 'Ada Okafor' }]])
    expect(await started.id.verify(first.accessToken)).toEqual({ user: first.user.id, session: first.session })
    started.said.profile = { username: 'renamed', name: 'Renamed' }
    const second = await entered(started)
    expect(second.user).toEqual(first.user)
    expect(second.session).not.toBe(first.session)
    expect(started.accounts.opened.size).toBe(1)
  })
  it('ID30 takes the same subject at another provider, and another subject with the same names, for other people', async () => {
    const started = await start()
    const people = [
      await entered(started),
      await entered(started, { id: 'club' }),
      await entered(started, { code: 'ada-2' }),
    ]
    expect(new Set(people.map(({ user }) => user.id)).size).toBe(3)
    const [, second, third] = people.map(({ user }) => user.handle)
    for (const handle of [second, third]) expect(handle).toMatch(/^ada_[a-z2-9]{4}$/)
  })
  it('ID32 leaves a handle to the person who has it by a password', async () => {
    const started = await start()
    const local = await signedIn(started.id)
    const { user } = await entered(started)
    expect(user.id).not.toBe(local.user.id)
    expect(user.handle).toMatch(/^ada_/)
    expect(await started.id.login(ada, firefox)).toMatchObject({ user: { id: local.user.id } })
  })
  it('ID32 an account of a provider is entered by no password, and nobody registers over it', async () => {
    const started = await start()
    await entered(started)
    for (const password of ['', ada.password]) {
      expect(await started.id.login({ handle: 'ada', password }, firefox)).toMatchObject({
        reason: 'wrong-credentials',
      })
      expect(await started.id.register({ ...ada, password }, firefox)).toMatchObject({ reason: 'handle-taken' })
    }
  })
  it('ID30 many windows at once are one account', async () => {
    const started = await start()
    const all = await Promise.all(Array.from({ length: 12 }, () => entered(started)))
    expect(new Set(all.map(({ user }) => user.id)).size).toBe(1)
    expect(started.accounts.opened.size).toBe(1)
  })
  it('ID36 a provider that fails to tell names registers nobody', async () => {
    const started = await start()
    started.said.profile = { kind: 'fault', fault: 'provider-unreachable' }
    expect(await enter(started)).toEqual(fault('provider-unreachable'))
    expect(started.accounts.opened.size).toBe(0)
    expect(started.store.handle('ada')).toBeUndefined()
  })
  it('ID34 a provider that vouches for nobody signs nobody in, and the operator hears why', async () => {
    const started = await start()
    const begun = await begin(started)
    started.said.fault = { kind: 'fault', fault: 'clock-skew', detail: 'by an hour' }
    expect(await comeBack(started, begun)).toEqual(started.said.fault)
    expect(await started.by.begin('corp', { publicUrl })).toEqual(started.said.fault)
    expect(started.told).toEqual(Array(2).fill({ ...started.said.fault, provider: 'corp' }))
    expect(started.accounts.opened.size).toBe(0)
  })
})

describe('a first sign-in with a crash between two lines', () => {
  it.each(['reserveLinked', 'confirm', 'openSession', 'open'] as const)(
    'ID31 goes on after it died at %s',
    async (line) => {
      const file = freshFile()
      const before = await start({ file })
      const accounts = { ...before.accounts, open: () => Promise.reject(new Error('killed')) }
      const dying = await start({
        clock: before.clock,
        ...(line === 'open'
          ? { accounts, store: before.parts.store }
          : { accounts: before.accounts, store: failingAt(before.parts.store, line, 'killed') }),
      })
      await expect(enter(dying)).rejects.toThrow('killed')
      const reserved = before.store.handle('ada')?.user
      before.clock.pass(5 * minutes)
      const after = await start({ file, clock: before.clock, accounts: before.accounts })
      const { user } = await entered(after)
      expect(user.handle).toBe('ada')
      if (line !== 'reserveLinked') expect(user.id).toBe(reserved)
      expect(before.accounts.opened.size).toBe(1)
      expect((await entered(after)).user).toEqual(user)
    },
  )
  it('ID31 somebody else may have the handle of one that never came to be, and not the account', async () => {
    const { accounts, ...before } = await start()
    accounts.answer = { kind: 'denied', reason: 'unavailable' }
    expect(await enter(before)).toMatchObject(fault('unavailable'))
    accounts.answer = undefined
    before.clock.pass(2 * minutes)
    const local = await signedIn(before.id)
    const { user } = await entered(before)
    expect(user.handle).toMatch(/^ada_/)
    expect(user.id).not.toBe(local.user.id)
  })
  it('ID31 a handle that was given away between the look and the going on opens no second account', async () => {
    const there = await start()
    there.accounts.answer = { kind: 'denied', reason: 'unavailable' }
    await enter(there)
    there.accounts.answer = undefined
    there.clock.pass(2 * minutes)
    let isFirst = true
    const linked = async (link: ProviderLink) => {
      const row = await there.parts.store.linked(link)
      if (isFirst) await signedIn(there.id)
      isFirst = false
      return row
    }
    const store = new Proxy(there.parts.store, {
      get: (target, name) => (name === 'linked' ? linked : Reflect.get(target, name)),
    })
    const racing = await start({ clock: there.clock, accounts: there.accounts, store })
    expect(await enter(racing)).toMatchObject(fault('unavailable'))
    expect([...there.accounts.opened.values()]).toEqual([{ handle: 'ada', name: 'Ada' }])
    expect((await entered(racing)).user.handle).toMatch(/^ada_/)
  })
  it('ID31 a handle that is being given to somebody else just now is not gone on with', async () => {
    const started = await start()
    started.accounts.answer = { kind: 'denied', reason: 'unavailable' }
    await enter(started)
    started.accounts.answer = undefined
    started.clock.pass(2 * minutes)
    const [local, theirs] = await Promise.all([started.id.register(ada, firefox), enter(started)])
    const won = [local.kind, theirs?.kind].filter((kind) => kind === 'signed-in')
    expect(won.length).toBeGreaterThan(0)
    expect([...started.accounts.opened.values()].filter(({ handle }) => handle === 'ada')).toHaveLength(1)
  })
})

describe('an attempt', () => {
  it('ID33 is of use once', async () => {
    const started = await start()
    const begun = await begin(started)
    expect(await comeBack(started, begun)).toMatchObject({ kind: 'signed-in' })
    expect(await comeBack(started, begun)).toEqual(fault('attempt-over'))
    expect(await comeBack(started, begun, { code: 'eve-1' })).toEqual(fault('attempt-over'))
    expect(started.said.redeemed).toHaveLength(1)
  })
  it('ID33 lasts ten minutes, whichever way the clock steps', async () => {
    const started = await start()
    const begun = await begin(started)
    started.clock.pass(10 * minutes + 1)
    expect(await comeBack(started, begun)).toEqual(fault('attempt-over'))
    started.clock.pass(-30 * minutes)
    expect(await comeBack(started, begun)).toEqual(fault('attempt-over'))
    started.clock.pass(20 * minutes)
    expect(await comeBack(started, begun)).toMatchObject({ kind: 'signed-in' })
  })
  it('ID33 belongs to the browser that holds it', async () => {
    const started = await start()
    const [mine, theirs] = [await begin(started), await begin(started)]
    expect(await comeBack(started, { ...mine, state: theirs.state })).toMatchObject(fault('answer-mismatch'))
    expect(await comeBack(started, { ...mine, attempt: '' })).toEqual(fault('attempt-over'))
    for (const attempt of ['x', 'x'.repeat(100_000), `${mine.attempt.slice(0, -4)}AAAA`, mine.attempt.slice(4)])
      expect(await comeBack(started, { ...mine, attempt })).toEqual(fault('attempt-over'))
    expect(started.said.redeemed).toEqual([])
    expect(await comeBack(started, mine)).toMatchObject({ kind: 'signed-in' })
  })
  it('ID33 is not ended by an answer that somebody made up, and takes no state twice', async () => {
    const started = await start()
    const begun = await begin(started)
    for (const answer of [
      '',
      'state=',
      'error=access_denied',
      `state=x&state=${begun.state}`,
      `state=${begun.state}&state=x`,
    ])
      expect(
        await started.by.finish(
          'corp',
          { publicUrl, attempt: begun.attempt, answer: new URLSearchParams(answer) },
          firefox,
        ),
      ).toMatchObject(fault('answer-mismatch'))
    expect(await comeBack(started, begun)).toMatchObject({ kind: 'signed-in' })
  })
  it('ID33 belongs to one provider: the answer of another is refused', async () => {
    const started = await start()
    expect(await comeBack(started, await begin(started), { id: 'club' })).toMatchObject(fault('answer-mismatch'))
    expect(started.said.redeemed).toEqual([])
    expect(await started.by.begin('nobody', { publicUrl })).toBeUndefined()
    expect(await comeBack(started, await begin(started), { id: '__proto__' })).toBeUndefined()
  })
  it('ID33 of before a restart is begun anew', async () => {
    const file = freshFile()
    const before = await start({ file })
    const begun = await begin(before)
    const after = await start({ file, clock: before.clock, accounts: before.accounts })
    expect(await comeBack(after, begun)).toEqual(fault('attempt-over'))
    expect(after.told).toEqual([])
    expect(await enter(after)).toMatchObject({ kind: 'signed-in' })
  })
  it('ID33 has secrets of its own, which the cookie does not show, and its own way back', async () => {
    const started = await start()
    await entered(started)
    await entered(started, { id: 'club' })
    const [one, other] = started.said.redeemed
    expect(one?.redirectUri).toBe('https://chat.example/api/auth/oidc/corp/callback')
    expect(other?.redirectUri).toBe('https://chat.example/api/auth/oidc/club/callback')
    const secrets = [one, other].flatMap((attempt) => [attempt?.state, attempt?.nonce, attempt?.verifier])
    expect(new Set(secrets).size).toBe(6)
    for (const secret of secrets) expect(secret).toMatch(/^[\w-]{43}$/)
    const { attempt, state } = await begin(started)
    expect(Buffer.from(attempt, 'base64url').includes(state)).toBe(false)
  })
})

describe('linking', () => {
  const claimsOf = ({ user, session }: Awaited<ReturnType<typeof signedIn>>) => ({ user: user.id, session })
  const link = async (started: Started, claims: ReturnType<typeof claimsOf>, code = 'ada-1') =>
    comeBack(started, await begin(started, 'corp', claims), { code })

  it('ID37 a provider is linked to the account that is signed in, twice as well as once', async () => {
    const started = await start()
    const local = await signedIn(started.id)
    expect(await started.by.linkedTo(claimsOf(local))).toEqual([
      { id: 'corp', name: 'CORP', linked: false },
      { id: 'club', name: 'CLUB', linked: false },
    ])
    for (let times = 0; times < 2; times++) expect(await link(started, claimsOf(local))).toEqual({ kind: 'linked' })
    expect((await started.by.linkedTo(claimsOf(local))).map(({ linked }) => linked)).toEqual([true, false])
    expect((await entered(started)).user.id).toBe(local.user.id)
    expect(started.accounts.opened.size).toBe(1)
  })
  it('ID37 a link of somebody else is refused and stays his', async () => {
    const started = await start()
    const theirs = await entered(started)
    const local = await signedIn(started.id, bob)
    expect(await link(started, claimsOf(local))).toEqual(fault('linked-elsewhere'))
    expect((await entered(started)).user.id).toBe(theirs.user.id)
  })
  it('ID37 nothing is linked for a session that ended meanwhile', async () => {
    const started = await start()
    const local = await signedIn(started.id)
    const begun = await begin(started, 'corp', claimsOf(local))
    await started.id.logout({ refreshToken: local.refreshToken })
    expect(await comeBack(started, begun)).toEqual(fault('not-signed-in'))
    expect(started.store.linksOf(local.user.id)).toEqual([])
  })
  it('ID37 a registration that never came to be holds no link back', async () => {
    const started = await start()
    started.accounts.answer = { kind: 'denied', reason: 'unavailable' }
    await enter(started)
    started.accounts.answer = undefined
    const local = await signedIn(started.id, bob)
    expect(await link(started, claimsOf(local))).toEqual(fault('linked-elsewhere'))
    started.clock.pass(2 * minutes)
    expect(await link(started, claimsOf(local))).toEqual({ kind: 'linked' })
    expect((await entered(started)).user.id).toBe(local.user.id)
  })
  it('ID37 an attempt to sign in links nothing, and one to link signs nobody in', async () => {
    const started = await start()
    const local = await signedIn(started.id, bob)
    expect(await enter(started, { code: 'eve-1' })).toMatchObject({ kind: 'signed-in' })
    expect(started.store.linksOf(local.user.id)).toEqual([])
    const sessions = (await started.id.sessions(claimsOf(local))).length
    await link(started, claimsOf(local), 'bob-1')
    expect(await started.id.sessions(claimsOf(local))).toHaveLength(sessions)
  })
})

describe('unlinking', () => {
  it('ID40 an account with a password is entered by the provider no more, and its sessions go on', async () => {
    const started = await start()
    const local = await signedIn(started.id)
    const claims = { user: local.user.id, session: local.session }
    await comeBack(started, await begin(started, 'corp', claims))
    for (let times = 0; times < 2; times++) expect(await started.by.unlink('corp', claims)).toBe('unlinked')
    expect((await started.by.linkedTo(claims)).map(({ linked }) => linked)).toEqual([false, false])
    expect(await started.id.verify(local.accessToken)).toEqual(claims)
    expect((await entered(started)).user.id).not.toBe(local.user.id)
    expect(await started.by.unlink('nobody', claims)).toBeUndefined()
  })
  it('ID40 an account without a password keeps its only link, and either of two goes', async () => {
    const started = await start()
    const { user, session } = await entered(started)
    expect(await started.by.unlink('corp', { user: user.id, session })).toBe('only-way-in')
    expect(await started.by.unlink('club', { user: user.id, session })).toBe('unlinked')
    await comeBack(started, await begin(started, 'club', { user: user.id, session }), { code: 'ada-2', id: 'club' })
    expect(await started.by.unlink('corp', { user: user.id, session })).toBe('unlinked')
    expect(await started.by.unlink('club', { user: user.id, session })).toBe('only-way-in')
    expect((await entered(started, { code: 'ada-2', id: 'club' })).user.id).toBe(user.id)
  })
  it('ID40 a link to a provider that is no longer in the settings is no way in', async () => {
    const file = freshFile()
    const before = await start({ file })
    const { user, session } = await entered(before)
    await comeBack(before, await begin(before, 'club', { user: user.id, session }), { code: 'ada-2', id: 'club' })
    const after = await start({ file, clock: before.clock, accounts: before.accounts, providers: [corp] })
    expect(await after.by.unlink('corp', { user: user.id, session })).toBe('only-way-in')
    expect(after.store.linksOf(user.id)).toHaveLength(2)
  })
  it('ID39 an answer that is on its way when the provider is unlinked opens no session', async () => {
    const started = await start()
    const local = await signedIn(started.id)
    const claims = { user: local.user.id, session: local.session }
    await comeBack(started, await begin(started, 'corp', claims))
    const { openSession } = started.store
    started.store.openSession = (opened) => {
      expect(started.store.unlink(local.user.id, started.store.linksOf(local.user.id), [])).toBe('unlinked')
      return openSession(opened)
    }
    expect(await enter(started)).toEqual(fault('attempt-over'))
    expect(await started.id.sessions(claims)).toHaveLength(1)
  })
})
