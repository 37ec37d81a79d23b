import { limits, type SessionId, type UserId } from '@verbatim/protocol'
import type { Database } from 'better-sqlite3'
import {
  type EndedSession,
  type IdentityStore,
  identitySizes,
  identityTimes,
  type NewSession,
  type Proof,
  type Rotation,
  type StoredSession,
  type TokenHash,
} from '../identity-store.ts'

const IDLE = limits.sessionDays * 24 * 60 * 60_000

type Sessions = Pick<IdentityStore, 'openSession' | 'rotate' | 'sessions' | 'endSession' | 'endSessionsOf' | 'ended'>
type Parts = { readonly now: () => number; readonly holds: (user: UserId, by: Proof) => boolean }
/** The part of the store that knows who is signed in, and with which token. */
export const sqliteSessions = (db: Database, { now, holds }: Parts): Sessions => {
  db.exec(`
    CREATE TABLE IF NOT EXISTS sessions (
      session TEXT PRIMARY KEY, user TEXT NOT NULL, device TEXT NOT NULL, token TEXT NOT NULL,
      created_at INTEGER NOT NULL, last_seen INTEGER NOT NULL, ended_at INTEGER) STRICT, WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS sessions_of ON sessions (user, last_seen) WHERE ended_at IS NULL;
    CREATE INDEX IF NOT EXISTS sessions_idle ON sessions (last_seen) WHERE ended_at IS NULL;
    CREATE INDEX IF NOT EXISTS sessions_ended ON sessions (ended_at) WHERE ended_at IS NOT NULL;
    CREATE TABLE IF NOT EXISTS rotated (
      session TEXT NOT NULL REFERENCES sessions ON DELETE CASCADE, token TEXT NOT NULL, at INTEGER NOT NULL,
      PRIMARY KEY (session, token)) STRICT, WITHOUT ROWID`)
  const rows = statements(db)

  const openSession = db.transaction(({ by, ...opened }: NewSession): EndedSession[] | undefined => {
    // In this transaction and not before it: a change of the password ends the sessions that are there when it commits.
    if (by && !holds(opened.user, by)) return undefined
    const at = now()
    rows.forget.run(at - identityTimes.endedFor)
    const ended = [...rows.endIdle.all(at, at - IDLE), ...rows.endPast.all(at, opened.user)]
    rows.insert.run({ ...opened, at })
    return ended
  })

  const rotate = db.transaction((session: SessionId, from: TokenHash, to: TokenHash): Rotation => {
    const at = now()
    const row = rows.living.get(session)
    if (!row || row.last_seen > at + identityTimes.ahead) return { kind: 'unknown' }
    const { user } = row
    if (row.last_seen < at - IDLE) {
      rows.end.run({ at, session })
      return { kind: 'expired', session, user }
    }
    if (row.token === from) {
      rows.passOn.run(to, at, session)
      rows.forgetRotated.run({ session, at })
      rows.remember.run(session, from, at)
      return { kind: 'rotated', session, user }
    }
    // Within the grace either way, so that a clock that steps back does not keep an old token alive.
    const turn = rows.turnOf.get(session, from)
    if (turn && Math.abs(at - turn.at) <= limits.refreshGrace) return { kind: 'repeated', session, user }
    rows.end.run({ at, session })
    return { kind: 'reused', session, user }
  })

  return {
    openSession: (opened) => openSession.immediate(opened),
    rotate: (session, from, to) => rotate.immediate(session, from, to),
    sessions: (user) => rows.of.all(user, now() - IDLE),
    endSession: (session, user) =>
      user === undefined ? rows.end.get({ at: now(), session }) : rows.endOf.get({ at: now(), session, user }),
    endSessionsOf: (user) => rows.endAllOf.all(now(), user),
    ended: () => rows.ended.all(),
  }
}

const statements = (db: Database) => ({
  insert: db.prepare(`INSERT INTO sessions (session, user, device, token, created_at, last_seen)
    VALUES (:session, :user, :device, :token, :at, :at)`),
  living: db.prepare<[SessionId], { user: UserId; token: TokenHash; last_seen: number }>(
    'SELECT user, token, last_seen FROM sessions WHERE session = ? AND ended_at IS NULL',
  ),
  of: db.prepare<
    [UserId, number],
    StoredSession
  >(`SELECT session, user, device, created_at AS createdAt, last_seen AS lastSeen
    FROM sessions WHERE user = ? AND last_seen >= ? AND ended_at IS NULL ORDER BY last_seen DESC, session DESC`),
  passOn: db.prepare<[TokenHash, number, SessionId]>('UPDATE sessions SET token = ?, last_seen = ? WHERE session = ?'),
  remember: db.prepare<[SessionId, TokenHash, number]>('INSERT INTO rotated (session, token, at) VALUES (?, ?, ?)'),
  turnOf: db.prepare<[SessionId, TokenHash], { at: number }>('SELECT at FROM rotated WHERE session = ? AND token = ?'),
  forgetRotated: db.prepare(`DELETE FROM rotated WHERE session = :session AND abs(:at - at) > ${limits.refreshGrace}`),
  end: db.prepare<[{ at: number; session: SessionId }], EndedSession>(
    'UPDATE sessions SET ended_at = :at WHERE session = :session AND ended_at IS NULL RETURNING session, user',
  ),
  endOf: db.prepare<
    [{ at: number; session: SessionId; user: UserId }],
    EndedSession
  >(`UPDATE sessions SET ended_at = :at
    WHERE session = :session AND user = :user AND ended_at IS NULL RETURNING session, user`),
  endAllOf: db.prepare<[number, UserId], EndedSession>(
    'UPDATE sessions SET ended_at = ? WHERE user = ? AND ended_at IS NULL RETURNING session, user',
  ),
  endIdle: db.prepare<[number, number], EndedSession>(
    'UPDATE sessions SET ended_at = ? WHERE last_seen < ? AND ended_at IS NULL RETURNING session, user',
  ),
  /** Makes room for one more. */
  endPast: db.prepare<[number, UserId], EndedSession>(`UPDATE sessions SET ended_at = ? WHERE session IN (
    SELECT session FROM sessions WHERE user = ? AND ended_at IS NULL
    ORDER BY last_seen DESC, session DESC LIMIT -1 OFFSET ${identitySizes.sessionsPerUser - 1}) RETURNING session, user`),
  ended: db.prepare<[], EndedSession>(`SELECT session, user FROM sessions WHERE ended_at IS NOT NULL
    ORDER BY ended_at DESC LIMIT ${identitySizes.ended}`),
  forget: db.prepare<[number]>('DELETE FROM sessions WHERE ended_at < ?'),
})
