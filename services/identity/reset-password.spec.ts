import { describe, expect, it } from 'vitest'
import { ada, bob, firefox, rig, signedIn } from './identity.rig.ts'

const password = 'another battery staple'

describe('what an operator does for a person', () => {
  it('ID29 another password signs in, the old one does not, and every session of before is over', async () => {
    const { id, ended } = await rig()
    const before = await signedIn(id)
    const bobs = await signedIn(id, bob)
    expect(await id.resetPassword('ADA', password)).toEqual({ kind: 'reset', user: before.user.id })
    expect(await id.verify(before.accessToken)).toBeUndefined()
    expect(await id.refresh(before.refreshToken, firefox)).toMatchObject({ kind: 'denied' })
    expect(ended).toEqual([{ session: before.session, user: before.user.id }])
    expect(await id.login(ada, firefox)).toMatchObject({ reason: 'wrong-credentials' })
    expect(await id.login({ ...ada, password }, firefox)).toMatchObject({ kind: 'signed-in' })
    expect(await id.verify(bobs.accessToken)).toBeDefined()
  })

  it('ID29 a password of the wrong length and an unknown handle change nothing', async () => {
    const { id, passwords } = await rig()
    const { accessToken } = await signedIn(id)
    const hashed = passwords.counted.hashed
    for (const wrong of ['short', 'x'.repeat(1_025), '\0'.repeat(12)])
      expect(await id.resetPassword('ada', wrong)).toMatchObject({ kind: 'denied', reason: 'malformed' })
    expect(passwords.counted.hashed).toBe(hashed)
    expect(await id.resetPassword('nobody', password)).toEqual({ kind: 'denied', reason: 'no-such-person' })
    expect(await id.verify(accessToken)).toBeDefined()
  })

  it('ID39 a sign-in that has passed the check when another password is set opens no session', async () => {
    const there = await rig()
    const { user } = await signedIn(there.id)
    const { verify } = there.passwords
    there.passwords.verify = async (hash, given) => {
      const right = await verify(hash, given)
      there.passwords.verify = verify
      expect([right, await there.id.resetPassword('ada', password)]).toMatchObject([true, { kind: 'reset' }])
      return right
    }
    expect(await there.id.login(ada, firefox)).toEqual({ kind: 'denied', reason: 'wrong-credentials' })
    expect(there.store.sessions(user.id)).toEqual([])
    expect(await there.id.login({ ...ada, password }, firefox)).toMatchObject({ kind: 'signed-in' })
    expect(there.store.sessions(user.id)).toHaveLength(1)
  })

  it.each([
    ['signing in', 'login', 'wrong-credentials'],
    ['registering', 'register', 'handle-taken'],
  ] as const)('ID39 nor when that happens right before the session opens: %s', async (_, way, reason) => {
    const there = await rig()
    if (way === 'login') await signedIn(there.id)
    const openSession = there.store.openSession
    let tried = 0
    there.store.openSession = (opened) => {
      tried++
      const hash = there.store.handle('ada')?.passwordHash
      expect(there.store.setPassword('ada', `${hash}, and another`)?.user).toBe(opened.user)
      return openSession(opened)
    }
    expect(await there.id[way](ada, firefox)).toEqual({ kind: 'denied', reason })
    const known = there.store.handle('ada')
    expect([tried, known && there.store.sessions(known.user)]).toEqual([1, []])
  })

  it('ID28 signing out everywhere ends each session once, and nobody else’s', async () => {
    const { id, ended } = await rig()
    const first = await signedIn(id)
    await id.login(ada, firefox)
    const bobs = await signedIn(id, bob)
    expect(await id.endAllSessions(first.user.id)).toBe(2)
    expect(await id.endAllSessions(first.user.id)).toBe(0)
    expect(ended).toHaveLength(2)
    expect(await id.verify(first.accessToken)).toBeUndefined()
    expect(await id.verify(bobs.accessToken)).toBeDefined()
  })
})
