import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SessionId } from '@verbatim/protocol'
import Database from 'better-sqlite3'
import { afterEach, describe, expect, it } from 'vitest'
import { ada, bob, days, firefox, minutes, type Rig, refreshed, rig, signedIn } from './identity.rig.ts'

const folders: string[] = []
const freshFile = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'identity-'))
  folders.push(folder)
  return join(folder, 'identity.db')
}
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})
const restart = ({ clock, accounts }: Rig, file: string) => rig({ file, clock, accounts })
const denied = { kind: 'denied', reason: 'not-signed-in' }

describe('refreshing', () => {
  it('ID13 passes from token to token within one session', async () => {
    const { id, clock } = await rig()
    const first = await signedIn(id)
    let token = first.refreshToken
    for (let turn = 0; turn < 5; turn++) {
      clock.pass(9 * minutes)
      const next = await refreshed(id, token)
      expect(next).toMatchObject({ user: first.user.id, session: first.session, expiresIn: 600 })
      expect(next.refreshToken).not.toBe(token)
      expect(await id.verify(next.accessToken)).toEqual({ user: first.user.id, session: first.session })
      token = next.refreshToken
    }
  })
  it('ID14 twenty at the same time get one successor', async () => {
    const { id, ended } = await rig()
    const { refreshToken } = await signedIn(id)
    const all = await Promise.all(Array.from({ length: 20 }, () => refreshed(id, refreshToken)))
    expect(new Set(all.map((one) => one.refreshToken)).size).toBe(1)
    expect(await Promise.all(all.map((one) => id.verify(one.accessToken)))).not.toContain(undefined)
    expect(ended).toEqual([])
  })
  it('ID14 a lost answer is asked for again, also across a restart', async () => {
    const file = freshFile()
    const before = await rig({ file })
    const { refreshToken } = await signedIn(before.id)
    const lost = await refreshed(before.id, refreshToken)
    before.clock.pass(9_000)
    const after = await restart(before, file)
    expect((await refreshed(after.id, refreshToken)).refreshToken).toBe(lost.refreshToken)
  })
  it('ID15 a stolen token that comes late ends the whole session, the thief’s part and the owner’s', async () => {
    const { id, clock, ended } = await rig()
    const { refreshToken, session, user } = await signedIn(id)
    const owners = await refreshed(id, refreshToken)
    clock.pass(10_001)
    expect(await id.refresh(refreshToken, firefox)).toEqual(denied)
    expect(ended).toEqual([{ session, user: user.id }])
    expect(id.hasEnded(session)).toBe(true)
    expect(await id.verify(owners.accessToken)).toBeUndefined()
    expect(await id.refresh(owners.refreshToken, firefox)).toEqual(denied)
    expect(await id.refresh(refreshToken, firefox)).toEqual(denied)
    expect(ended).toHaveLength(1)
  })
  it('ID15 also when the thief came first, and after months of silence', async () => {
    const { id, clock } = await rig()
    const { refreshToken } = await signedIn(id)
    let thiefs = await refreshed(id, refreshToken)
    for (let turn = 0; turn < 300; turn++) {
      clock.pass(11 * minutes)
      thiefs = await refreshed(id, thiefs.refreshToken)
    }
    expect(await id.refresh(refreshToken, firefox)).toEqual(denied)
    expect(await id.verify(thiefs.accessToken)).toBeUndefined()
    expect(await id.refresh(thiefs.refreshToken, firefox)).toEqual(denied)
  })
  it('ID15 other sessions of the person go on', async () => {
    const { id, clock } = await rig()
    const phone = await signedIn(id)
    const laptop = await id.login(ada, firefox)
    if (laptop.kind === 'denied') throw new Error(laptop.reason)
    await refreshed(id, phone.refreshToken)
    clock.pass(11_000)
    await id.refresh(phone.refreshToken, firefox)
    expect(await id.verify(laptop.accessToken)).toBeDefined()
    expect((await refreshed(id, laptop.refreshToken)).session).toBe(laptop.session)
  })
  it('ID16 nothing in the file is a token that was given out', async () => {
    const file = freshFile()
    const { id, store } = await rig({ file })
    const first = await signedIn(id)
    const second = await refreshed(id, first.refreshToken)
    store.close()
    const bytes = readFileSync(file)
    for (const token of [first.refreshToken, second.refreshToken]) {
      const secret = token.split('.')[1] ?? ''
      expect(bytes.includes(secret)).toBe(false)
      expect(bytes.includes(Buffer.from(secret, 'base64url'))).toBe(false)
    }
    for (const text of [ada.password, first.accessToken]) expect(bytes.includes(text)).toBe(false)
  })
  it('ID17 a token that was made up ends nothing', async () => {
    const { id, ended } = await rig()
    const { refreshToken, session } = await signedIn(id)
    const [, secret, seal] = refreshToken.split('.')
    for (const token of ['', session, `${session}.${'A'.repeat(43)}.${seal}`, `${session}.${secret}.${'A'.repeat(22)}`])
      expect(await id.refresh(token, firefox)).toEqual(denied)
    expect(ended).toEqual([])
    expect((await refreshed(id, refreshToken)).session).toBe(session)
  })
  it('ID18 sixty days of rest end it, with its sockets', async () => {
    const { id, clock, ended } = await rig()
    const { refreshToken, session } = await signedIn(id)
    clock.pass(60 * days + 1)
    expect(await id.refresh(refreshToken, firefox)).toEqual(denied)
    expect(ended.map((one) => one.session)).toEqual([session])
  })
})

describe('sessions', () => {
  it('ID19 are listed with device, times and which one is present', async () => {
    const { id, clock } = await rig()
    const here = await signedIn(id)
    clock.pass(1 * minutes)
    await id.login(ada, { device: 'curl/8.5.0', address: '127.0.0.1' })
    await signedIn(id, bob)
    const claims = { user: here.user.id, session: here.session }
    expect(await id.sessions(claims)).toEqual([
      {
        id: expect.any(String),
        device: 'curl',
        createdAt: '2026-05-01T12:01:00.000Z',
        lastSeen: '2026-05-01T12:01:00.000Z',
        current: false,
      },
      {
        id: here.session,
        device: 'Firefox on Linux',
        createdAt: '2026-05-01T12:00:00.000Z',
        lastSeen: '2026-05-01T12:00:00.000Z',
        current: true,
      },
    ])
  })
  it('ID20 are ended by their person, once', async () => {
    const { id, ended } = await rig()
    const { user, session, accessToken } = await signedIn(id)
    const claims = { user: user.id, session }
    expect(await id.endSession(claims, session)).toBe(true)
    expect(await id.endSession(claims, session)).toBe(false)
    expect(ended).toEqual([{ session, user: user.id }])
    expect(await id.verify(accessToken)).toBeUndefined()
    expect(await id.sessions(claims)).toEqual([])
  })
  it('ID20 are not ended by anybody else, and a stranger’s looks like none', async () => {
    const { id, ended } = await rig()
    const mine = await signedIn(id)
    const theirs = await signedIn(id, bob)
    const claims = { user: mine.user.id, session: mine.session }
    expect(await id.endSession(claims, theirs.session)).toBe(false)
    expect(await id.endSession(claims, '01JN0NE0000000000000000000' as SessionId)).toBe(false)
    expect(ended).toEqual([])
    expect(await id.verify(theirs.accessToken)).toBeDefined()
  })
  it('ID22 stay ended over a restart', async () => {
    const file = freshFile()
    const before = await rig({ file })
    const { user, session, accessToken } = await signedIn(before.id)
    await before.id.endSession({ user: user.id, session }, session)
    const after = await restart(before, file)
    expect(after.id.hasEnded(session)).toBe(true)
    expect(await after.id.verify(accessToken)).toBeUndefined()
  })
  it('ID22 stay ended when the clock jumps to and fro over the restart', async () => {
    const file = freshFile()
    const before = await rig({ file })
    const { user, session, accessToken } = await signedIn(before.id)
    await before.id.endSession({ user: user.id, session }, session)
    before.clock.pass(60 * minutes)
    const after = await restart(before, file)
    before.clock.pass(-60 * minutes)
    expect(await after.id.verify(accessToken)).toBeUndefined()
  })
  it('ID22 the listener hears of an end in the turn in which hasEnded begins to say so', async () => {
    const { id } = await rig()
    const { user, session } = await signedIn(id)
    const heard: boolean[] = []
    id.onEnded((ended) => heard.push(id.hasEnded(ended)))
    expect(id.hasEnded(session)).toBe(false)
    await Promise.all([1, 2, 3].map(() => id.endSession({ user: user.id, session }, session)))
    expect(heard).toEqual([true])
  })
  it('ID26 the hundred-and-first ends the longest unused one', async () => {
    const { id, ended, clock } = await rig()
    const first = await signedIn(id)
    for (let n = 0; n < 100; n++) {
      clock.pass(1)
      await id.login(ada, firefox)
    }
    expect(ended).toEqual([{ session: first.session, user: first.user.id }])
    expect(await id.verify(first.accessToken)).toBeUndefined()
  })
})

describe('signing out', () => {
  it('ID21 goes by the refresh token, however old', async () => {
    const { id } = await rig()
    const { refreshToken, accessToken } = await signedIn(id)
    await refreshed(id, refreshToken)
    expect(await id.logout({ refreshToken })).toEqual({ kind: 'signed-out' })
    expect(await id.verify(accessToken)).toBeUndefined()
  })
  it('ID21 goes by the access token alone', async () => {
    const { id } = await rig()
    const { user, session, accessToken, refreshToken } = await signedIn(id)
    expect(await id.logout({ claims: { user: user.id, session } })).toEqual({ kind: 'signed-out' })
    expect(await id.verify(accessToken)).toBeUndefined()
    expect(await id.refresh(refreshToken, firefox)).toEqual(denied)
  })
  it('ID21 ends nothing when the two disagree, or when there is neither', async () => {
    const { id, ended } = await rig()
    const mine = await signedIn(id)
    const theirs = await signedIn(id, bob)
    const claims = { user: mine.user.id, session: mine.session }
    expect(await id.logout({ refreshToken: theirs.refreshToken, claims })).toEqual(denied)
    expect(await id.logout({ refreshToken: 'made up', claims })).toEqual(denied)
    expect(await id.logout({ refreshToken: 'made up' })).toEqual(denied)
    expect(await id.logout({})).toEqual(denied)
    expect(ended).toEqual([])
    expect(await id.logout({ refreshToken: mine.refreshToken, claims })).toEqual({ kind: 'signed-out' })
    expect(ended).toEqual([{ session: mine.session, user: mine.user.id }])
  })
  it('ID21 twice is as once', async () => {
    const { id, ended } = await rig()
    const { refreshToken } = await signedIn(id)
    expect(await id.logout({ refreshToken })).toEqual({ kind: 'signed-out' })
    expect(await id.logout({ refreshToken })).toEqual({ kind: 'signed-out' })
    expect(ended).toHaveLength(1)
  })
})

describe('keys', () => {
  it('ID24 are the same after a restart: tokens verify, refresh and digest go on', async () => {
    const file = freshFile()
    const before = await rig({ file })
    const { accessToken, refreshToken, session } = await signedIn(before.id)
    const after = await restart(before, file)
    expect(after.id.digestKey).toEqual(before.id.digestKey)
    expect(after.id.digestKey).toHaveLength(32)
    expect(await after.id.verify(accessToken)).toBeDefined()
    expect((await refreshed(after.id, refreshToken)).session).toBe(session)
  })
  it('ID24 are made for one purpose each', async () => {
    const { store, id } = await rig()
    const none = new Uint8Array(32)
    const keys = [...store.keys('sign', none), ...store.keys('refresh', none), ...store.keys('digest', none)].map(
      ({ key }) => key,
    )
    expect(new Set(keys.map((key) => Buffer.from(key).toString('hex'))).size).toBe(3)
    expect(keys[2]).toEqual(id.digestKey)
  })
  it('ID12 a second key signs from the next start on, and the tokens of the first stay good', async () => {
    const file = freshFile()
    const before = await rig({ file })
    const { accessToken } = await signedIn(before.id)
    before.store.addKey('sign', new Uint8Array(32).fill(5))
    const after = await restart(before, file)
    expect(await after.id.verify(accessToken)).toBeDefined()
    const next = await after.id.login(ada, firefox)
    expect(next.kind === 'signed-in' && (await before.id.verify(next.accessToken))).toBeUndefined()
  })
  it('ID38 a rotation signs nobody out, over restarts too, and retires the old key', async () => {
    const file = freshFile()
    const before = await rig({ file })
    const { accessToken, refreshToken } = await signedIn(before.id)
    await before.id.rotateSigningKey()
    await before.id.rotateSigningKey()
    const { refreshToken: next, accessToken: renewed } = await refreshed(before.id, refreshToken)
    for (const token of [accessToken, renewed]) expect(await before.id.verify(token)).toBeDefined()
    const after = await restart(before, file)
    for (const token of [accessToken, renewed]) expect(await after.id.verify(token)).toBeDefined()
    expect(after.store.keys('sign', new Uint8Array(32))).toHaveLength(3)
    before.clock.pass(11 * minutes)
    expect((await refreshed(after.id, next)).kind).toBe('refreshed')
    await restart(before, file)
    expect(after.store.keys('sign', new Uint8Array(32))).toHaveLength(1)
  })
  it('ID24 a damaged key stops the start', async () => {
    const file = freshFile()
    const { store } = await rig({ file })
    store.close()
    new Database(file).exec("UPDATE keys SET key = x'00' WHERE purpose = 'digest'").close()
    await expect(rig({ file })).rejects.toThrow('a key in the identity store is missing or damaged')
  })
})
