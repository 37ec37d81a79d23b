import type { UserId } from '@verbatim/protocol'
import type { Database } from 'better-sqlite3'
import { type HandleRow, type IdentityStore, identityTimes } from '../identity-store.ts'

type Handles = Pick<IdentityStore, 'handle' | 'reserve' | 'confirm' | 'release' | 'setPassword'>
type Parts = { readonly now: () => number } & Pick<IdentityStore, 'endSessionsOf'>
/** The part of the store that knows whose a handle is. */
export const sqliteHandles = (db: Database, { now, endSessionsOf }: Parts): Handles => {
  db.exec(`CREATE TABLE IF NOT EXISTS handles (
    handle TEXT PRIMARY KEY, user TEXT NOT NULL UNIQUE, name TEXT NOT NULL, password_hash TEXT NOT NULL,
    confirmed INTEGER NOT NULL DEFAULT 0, reserved_at INTEGER NOT NULL) STRICT, WITHOUT ROWID`)
  const find = db.prepare<[string], Row>('SELECT * FROM handles WHERE handle = ?')
  const insert = db.prepare(`INSERT INTO handles (handle, user, name, password_hash, reserved_at)
    VALUES (:handle, :user, :name, :passwordHash, :at) ON CONFLICT (handle) DO NOTHING`)
  const abandon = db.prepare(`DELETE FROM handles WHERE handle = :handle AND user = :insteadOf AND confirmed = 0
    AND abs(:at - reserved_at) > ${identityTimes.reservedFor}`)
  /** The old row goes, and the links that led to it: they must never lead to whoever comes next. */
  const replace = db.transaction((row: HandleRow & { at: number }, insteadOf: UserId): boolean => {
    if (abandon.run({ handle: row.handle, insteadOf, at: row.at }).changes === 0) return false
    return insert.run(row).changes === 1
  })
  const confirm = db.prepare<[string, UserId]>('UPDATE handles SET confirmed = 1 WHERE handle = ? AND user = ?')
  const release = db.prepare<[string, UserId]>('DELETE FROM handles WHERE handle = ? AND user = ? AND confirmed = 0')
  const setPassword = db.prepare<[string, string], { user: UserId }>(
    'UPDATE handles SET password_hash = ? WHERE handle = ? AND confirmed = 1 RETURNING user',
  )
  const resetPassword = db.transaction((handle: string, passwordHash: string) => {
    const row = setPassword.get(passwordHash, handle)
    return row && { user: row.user, ended: endSessionsOf(row.user) }
  })

  return {
    handle: (handle) => {
      const row = find.get(handle)
      return (
        row && {
          handle,
          user: row.user,
          name: row.name,
          passwordHash: row.password_hash,
          confirmed: row.confirmed === 1,
          // Either way: a clock that stepped back must not keep a handle reserved for years.
          stale: row.confirmed === 0 && Math.abs(now() - row.reserved_at) > identityTimes.reservedFor,
        }
      )
    },
    reserve: ({ handle, user, name, passwordHash }, insteadOf) => {
      const row = { handle, user, name, passwordHash, at: now() }
      return insteadOf === undefined ? insert.run(row).changes === 1 : replace.immediate(row, insteadOf)
    },
    confirm: (handle, user) => confirm.run(handle, user).changes === 1,
    release: (handle, user) => void release.run(handle, user),
    setPassword: (handle, passwordHash) => resetPassword.immediate(handle, passwordHash),
  }
}

type Row = { user: UserId; name: string; password_hash: string; confirmed: number; reserved_at: number }
