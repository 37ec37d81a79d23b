import type { SessionId, UserId } from '@verbatim/protocol'
import { beforeEach, describe, expect, it } from 'vitest'
import { clockAt, days, minutes, noon } from './identity.rig.ts'
import { type IdentityStore, identitySizes, type NewSession } from './identity-store.ts'

const user = '01JADA00000000000000000000' as UserId
const other = '01JB0B00000000000000000000' as UserId
const session = '01JSESS0000000000000000001' as SessionId
const second = '01JSESS0000000000000000002' as SessionId
const numbered = (n: number) => `01JSESS1${`${n}`.padStart(18, '0')}` as SessionId
const row = { handle: 'ada', user, name: 'Ada', passwordHash: '$argon2id$ada' }
const link = { issuer: 'https://id.example', subject: 'ada-1' }
const opened = { session, user, device: 'Firefox on Linux', token: 'token-0' }

/** What every identity store promises. `open` gives an empty one that tells the time by `now`. */
export const describeIdentityStore = (adapter: string, open: (clock: { now: () => number }) => IdentityStore) =>
  describe(`IdentityStore on ${adapter}`, () => {
    let clock = clockAt(noon)
    let store: IdentityStore
    beforeEach(() => {
      clock = clockAt(noon)
      store = open(clock)
    })

    it('ID1 keeps a reserved handle whole', () => {
      expect(store.handle('ada')).toBeUndefined()
      expect(store.reserve(row)).toBe(true)
      expect(store.handle('ada')).toEqual({ ...row, confirmed: false, stale: false })
    })
    it('ID1 refuses a second reservation and keeps the first', () => {
      store.reserve(row)
      expect(store.reserve({ ...row, user: other })).toBe(false)
      expect(store.handle('ada')?.user).toBe(user)
    })
    it('ID1 confirms a handle for its user, twice as well as once, and for nobody else', () => {
      store.reserve(row)
      expect(store.confirm('ada', other)).toBe(false)
      expect(store.confirm('ada', user)).toBe(true)
      expect(store.confirm('ada', user)).toBe(true)
      expect(store.handle('ada')).toEqual({ ...row, confirmed: true, stale: false })
      expect(store.confirm('nobody', user)).toBe(false)
    })
    it('ID4 gives a reservation away only after a minute, and only the one that was looked at', () => {
      store.reserve(row)
      const next = { ...row, user: other, name: 'Eve', passwordHash: '$argon2id$eve' }
      clock.pass(1 * minutes)
      expect(store.handle('ada')?.stale).toBe(false)
      expect(store.reserve(next, user)).toBe(false)
      clock.pass(1)
      expect(store.handle('ada')?.stale).toBe(true)
      expect(store.reserve(next, other)).toBe(false)
      expect(store.reserve(next, user)).toBe(true)
      expect(store.handle('ada')).toEqual({ ...next, confirmed: false, stale: false })
      expect(store.confirm('ada', user)).toBe(false)
    })
    it('ID4 never gives a confirmed handle away', () => {
      store.reserve(row)
      store.confirm('ada', user)
      clock.pass(5 * minutes)
      expect(store.handle('ada')?.stale).toBe(false)
      expect(store.reserve({ ...row, user: other }, user)).toBe(false)
    })
    it('ID4 does not keep a handle reserved for years when the clock steps back', () => {
      store.reserve(row)
      clock.pass(-3_650 * days)
      expect(store.handle('ada')?.stale).toBe(true)
      expect(store.reserve({ ...row, user: other }, user)).toBe(true)
    })
    it('ID4 releases a reservation and no confirmed handle', () => {
      store.reserve(row)
      store.release('ada', other)
      expect(store.handle('ada')).toBeDefined()
      store.release('ada', user)
      expect(store.handle('ada')).toBeUndefined()
      store.reserve(row)
      store.confirm('ada', user)
      store.release('ada', user)
      expect(store.handle('ada')?.confirmed).toBe(true)
    })

    it('ID30 finds the account of a link by issuer and subject together', () => {
      expect(store.linked(link)).toBeUndefined()
      expect(store.reserveLinked(row, link)).toBe('reserved')
      expect(store.linked(link)).toEqual({ ...row, confirmed: false, stale: false })
      expect(store.handle('ada')).toEqual(store.linked(link))
      store.confirm('ada', user)
      expect(store.linked(link)?.confirmed).toBe(true)
      expect(store.linked({ ...link, subject: 'ADA-1' })).toBeUndefined()
      expect(store.linked({ ...link, issuer: 'https://other.example' })).toBeUndefined()
    })
    it('ID30 reserves handle and link together or neither', () => {
      store.reserveLinked(row, link)
      const next = { ...row, handle: 'ada_2', user: other }
      expect(store.reserveLinked(next, link)).toBe('link-taken')
      expect(store.handle('ada_2')).toBeUndefined()
      expect(store.reserveLinked({ ...row, user: other }, { ...link, subject: 'ada-2' })).toBe('handle-taken')
      expect(store.linked({ ...link, subject: 'ada-2' })).toBeUndefined()
    })
    it('ID31 a link goes with its reservation, and never on to whoever has the handle next', () => {
      store.reserveLinked(row, link)
      store.release('ada', user)
      expect(store.linked(link)).toBeUndefined()
      store.reserveLinked(row, link)
      clock.pass(2 * minutes)
      expect(store.reserve({ ...row, user: other }, user)).toBe(true)
      expect(store.linked(link)).toBeUndefined()
      expect(store.linksOf(other)).toEqual([])
    })
    it('ID37 links an account, twice as well as once, and never takes a link from somebody', () => {
      store.reserve(row)
      store.reserve({ ...row, handle: 'bob', user: other })
      const second = { ...link, issuer: 'https://other.example' }
      expect(store.link(link, user)).toBe(true)
      expect(store.link(link, user)).toBe(true)
      expect(store.link(link, other)).toBe(false)
      expect(store.linked(link)?.user).toBe(user)
      clock.pass(1)
      expect(store.link(second, user)).toBe(true)
      expect(store.linksOf(user)).toEqual([link, second])
      expect(store.linksOf(other)).toEqual([])
      expect(store.link({ ...link, subject: 'ghost' }, '01JGH0ST000000000000000000' as UserId)).toBe(false)
    })

    it('ID40 unlinks what is told, twice as well as once, and nobody else’s', () => {
      const second = { issuer: 'https://other.example', subject: 'ada' }
      store.reserve(row)
      store.link(link, user)
      store.link(second, user)
      for (let times = 0; times < 2; times++) expect(store.unlink(user, [link], [])).toBe('unlinked')
      expect(store.linksOf(user)).toEqual([second])
      expect(store.linked(link)).toBeUndefined()
      store.reserve({ ...row, handle: 'other', user: other })
      expect(store.unlink(other, [second], [])).toBe('unlinked')
      expect(store.linksOf(user)).toEqual([second])
      expect(store.link(link, other)).toBe(true)
    })
    it('ID40 keeps the links of an account that has no password and would have no other', () => {
      const second = { issuer: 'https://other.example', subject: 'ada' }
      store.reserveLinked({ ...row, passwordHash: '' }, link)
      store.confirm('ada', user)
      expect(store.unlink(user, [link], [])).toBe('only-way-in')
      expect(store.unlink(user, [link], [second])).toBe('only-way-in')
      store.link(second, user)
      expect(store.unlink(user, [link], [])).toBe('only-way-in')
      expect(store.linksOf(user)).toEqual([link, second])
      expect(store.unlink(user, [link], [second])).toBe('unlinked')
      // Two that unlink at once looked at the same links: the second one finds what the first has left.
      expect(store.unlink(user, [second], [link])).toBe('only-way-in')
      store.setPassword('ada', '$argon2id$new')
      expect(store.unlink(user, [second], [])).toBe('unlinked')
      expect(store.linksOf(user)).toEqual([])
    })

    it('ID19 lists the living sessions of a person, last seen first', () => {
      store.openSession(opened)
      clock.pass(1 * minutes)
      store.openSession({ ...opened, session: second, device: 'curl', token: 'token-s' })
      store.openSession({ ...opened, session: numbered(1), user: other })
      clock.pass(1 * minutes)
      store.rotate(session, 'token-0', 'token-1')
      expect(store.sessions(user)).toEqual([
        { session, user, device: 'Firefox on Linux', createdAt: noon, lastSeen: noon + 2 * minutes },
        { session: second, user, device: 'curl', createdAt: noon + minutes, lastSeen: noon + minutes },
      ])
    })
    it('ID13 takes the old token out of use when the successor comes in', () => {
      store.openSession(opened)
      expect(store.rotate(session, 'token-0', 'token-1')).toEqual({ kind: 'rotated', session, user })
      expect(store.rotate(session, 'token-1', 'token-2')).toEqual({ kind: 'rotated', session, user })
    })
    it('ID14 repeats the turn of an old token for ten seconds, also when its successor had its own', () => {
      store.openSession(opened)
      store.rotate(session, 'token-0', 'token-1')
      store.rotate(session, 'token-1', 'token-2')
      clock.pass(10_000)
      expect(store.rotate(session, 'token-0', 'token-1')).toEqual({ kind: 'repeated', session, user })
      expect(store.rotate(session, 'token-1', 'token-2')).toEqual({ kind: 'repeated', session, user })
      expect(store.rotate(session, 'token-2', 'token-3').kind).toBe('rotated')
    })
    it('ID15 ends the session when an old token comes later', () => {
      store.openSession(opened)
      store.rotate(session, 'token-0', 'token-1')
      clock.pass(10_001)
      expect(store.rotate(session, 'token-0', 'token-1')).toEqual({ kind: 'reused', session, user })
      expect(store.rotate(session, 'token-1', 'token-2')).toEqual({ kind: 'unknown' })
      expect(store.sessions(user)).toEqual([])
      expect(store.ended()).toEqual([{ session, user }])
    })
    it('ID15 knows an old token as old after any number of turns', () => {
      store.openSession(opened)
      for (let turn = 0; turn < 50; turn++) {
        store.rotate(session, `token-${turn}`, `token-${turn + 1}`)
        clock.pass(11 * minutes)
      }
      expect(store.rotate(session, 'token-3', 'token-4').kind).toBe('reused')
    })
    it('ID23 does not stretch the grace when the clock steps back', () => {
      store.openSession(opened)
      store.rotate(session, 'token-0', 'token-1')
      clock.pass(-60 * minutes)
      expect(store.rotate(session, 'token-0', 'token-1').kind).toBe('reused')
    })
    it('ID23 keeps people signed in over an hour to either side', () => {
      store.openSession(opened)
      clock.pass(-60 * minutes)
      expect(store.rotate(session, 'token-0', 'token-1').kind).toBe('rotated')
      clock.pass(120 * minutes)
      expect(store.rotate(session, 'token-1', 'token-2').kind).toBe('rotated')
    })
    it('ID23 does not honour a session of the far future until the clock is right again', () => {
      store.openSession(opened)
      clock.pass(-3_650 * days)
      expect(store.rotate(session, 'token-0', 'token-1').kind).toBe('unknown')
      clock.pass(3_650 * days)
      expect(store.rotate(session, 'token-0', 'token-1').kind).toBe('rotated')
    })
    it('ID18 lets a session rest for sixty days and not longer', () => {
      store.openSession(opened)
      clock.pass(60 * days)
      expect(store.rotate(session, 'token-0', 'token-1').kind).toBe('rotated')
      clock.pass(60 * days + 1)
      expect(store.sessions(user)).toEqual([])
      expect(store.rotate(session, 'token-1', 'token-2')).toEqual({ kind: 'expired', session, user })
      expect(store.rotate(session, 'token-1', 'token-2')).toEqual({ kind: 'unknown' })
    })
    it('ID18 ends what rested too long when somebody signs in', () => {
      store.openSession(opened)
      clock.pass(60 * days + 1)
      expect(store.openSession({ ...opened, session: second, user: other })).toEqual([{ session, user }])
      expect(store.openSession({ ...opened, session: numbered(1), user: other })).toEqual([])
    })
    it('ID26 ends the longest unused session when there is one too many', () => {
      for (let n = 0; n < identitySizes.sessionsPerUser; n++) {
        expect(store.openSession({ ...opened, session: numbered(n) })).toEqual([])
        clock.pass(1)
      }
      store.rotate(numbered(0), 'token-0', 'token-1')
      expect(store.openSession(opened)).toEqual([{ session: numbered(1), user }])
      expect(store.sessions(user)).toHaveLength(identitySizes.sessionsPerUser)
      expect(store.openSession({ ...opened, session: second, user: other })).toEqual([])
    })
    it('ID20 ends a living session once, and with a user named only that user’s', () => {
      store.openSession(opened)
      expect(store.endSession(session, other)).toBeUndefined()
      expect(store.endSession(second)).toBeUndefined()
      expect(store.endSession(session, user)).toEqual({ session, user })
      expect(store.endSession(session, user)).toBeUndefined()
      expect(store.endSession(session)).toBeUndefined()
      expect(store.rotate(session, 'token-0', 'token-1')).toEqual({ kind: 'unknown' })
    })
    it('ID28 ends all sessions of a person and of nobody else', () => {
      store.openSession(opened)
      store.openSession({ ...opened, session: second })
      store.openSession({ ...opened, session: numbered(1), user: other })
      expect(store.endSessionsOf(user)).toEqual([
        { session, user },
        { session: second, user },
      ])
      expect(store.endSessionsOf(user)).toEqual([])
      expect(store.sessions(user)).toEqual([])
      expect(store.sessions(other)).toHaveLength(1)
    })
    it('ID29 sets another password for an account and ends its sessions with it', () => {
      store.reserve(row)
      expect(store.setPassword('ada', '$argon2id$new')).toBeUndefined()
      expect(store.setPassword('nobody', '$argon2id$new')).toBeUndefined()
      expect(store.handle('ada')?.passwordHash).toBe(row.passwordHash)
      store.confirm('ada', user)
      store.openSession(opened)
      store.openSession({ ...opened, session: second, user: other })
      expect(store.setPassword('ada', '$argon2id$new')).toEqual({ user, ended: [{ session, user }] })
      expect(store.handle('ada')).toEqual({ ...row, passwordHash: '$argon2id$new', confirmed: true, stale: false })
      expect(store.sessions(other)).toHaveLength(1)
    })
    it('ID39 opens a session only by the password that is set and by a link that is there', () => {
      store.reserve(row)
      store.confirm('ada', user)
      store.link(link, user)
      store.reserve({ ...row, handle: 'other', user: other })
      const by = (proof: NewSession['by'], n: number, of = user) =>
        store.openSession({ ...opened, user: of, session: numbered(n), ...(proof && { by: proof }) })
      expect(by({ passwordHash: row.passwordHash }, 1)).toEqual([])
      expect(by(link, 2)).toEqual([])
      store.setPassword('ada', '$argon2id$new')
      expect(by({ passwordHash: row.passwordHash }, 3)).toBeUndefined()
      expect(by({ passwordHash: '$argon2id$new' }, 4, other)).toBeUndefined()
      expect(by({ ...link, subject: 'ada-2' }, 5)).toBeUndefined()
      expect(by(link, 6, other)).toBeUndefined()
      expect(by({ passwordHash: '$argon2id$new' }, 7)).toEqual([])
      expect(by(link, 8)).toEqual([])
      expect(store.sessions(user).map(({ session }) => session)).toEqual([numbered(8), numbered(7)])
      expect(store.sessions(other)).toEqual([])
    })
    it('ID22 remembers ended sessions for a day', () => {
      store.openSession(opened)
      store.endSession(session)
      clock.pass(1 * days)
      store.openSession({ ...opened, session: second })
      expect(store.ended()).toEqual([{ session, user }])
      clock.pass(1)
      store.openSession({ ...opened, session: numbered(1) })
      expect(store.ended()).toEqual([])
    })

    it('OP47 knows who administers the installation, whoever is told twice', () => {
      expect(store.isAdmin(user)).toBe(false)
      expect([store.setAdmin(user, true), store.setAdmin(user, true)]).toEqual([true, false])
      expect([store.isAdmin(user), store.isAdmin(other)]).toEqual([true, false])
      expect([store.setAdmin(user, false), store.setAdmin(user, false)]).toEqual([true, false])
      expect(store.isAdmin(user)).toBe(false)
    })

    it('ID24 makes the first key of a purpose once and lists later ones after it', () => {
      expect(store.keys('sign', keyOf(1))).toEqual([{ key: keyOf(1), since: noon }])
      expect(store.keys('sign', keyOf(2))).toEqual([{ key: keyOf(1), since: noon }])
      expect(store.keys('digest', keyOf(3))).toEqual([{ key: keyOf(3), since: noon }])
      clock.pass(1)
      store.addKey('sign', keyOf(2))
      expect(store.keys('sign', keyOf(3))).toEqual([
        { key: keyOf(1), since: noon },
        { key: keyOf(2), since: noon + 1 },
      ])
    })
    it('ID38 forgets a key that had a newer one by then, and never the newest', () => {
      for (const n of [1, 2, 3]) {
        if (n === 1) store.keys('sign', keyOf(n))
        else store.addKey('sign', keyOf(n))
        clock.pass(1 * minutes)
      }
      store.keys('digest', keyOf(9))
      const left = () => store.keys('sign', keyOf(9)).map(({ key }) => key[0])
      store.retireKeys('sign', noon + minutes - 1)
      expect(left()).toEqual([1, 2, 3])
      store.retireKeys('sign', noon + minutes)
      expect(left()).toEqual([2, 3])
      store.retireKeys('sign', noon + 365 * days)
      expect(left()).toEqual([3])
      expect(store.keys('digest', keyOf(1))).toHaveLength(1)
    })
  })

const keyOf = (n: number) => new Uint8Array(32).fill(n)
