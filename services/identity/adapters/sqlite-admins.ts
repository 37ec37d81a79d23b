import type { UserId } from '@verbatim/protocol'
import type { Database } from 'better-sqlite3'
import type { IdentityStore } from '../identity-store.ts'

/** The part of the store that knows who administers the installation. */
export const sqliteAdmins = (db: Database, now: () => number): Pick<IdentityStore, 'setAdmin' | 'isAdmin'> => {
  db.exec('CREATE TABLE IF NOT EXISTS admins (user TEXT PRIMARY KEY, since INTEGER NOT NULL) STRICT, WITHOUT ROWID')
  const add = db.prepare<[UserId, number]>('INSERT INTO admins (user, since) VALUES (?, ?) ON CONFLICT DO NOTHING')
  const remove = db.prepare<[UserId]>('DELETE FROM admins WHERE user = ?')
  const find = db.prepare<[UserId]>('SELECT 1 FROM admins WHERE user = ?')
  return {
    setAdmin: (user, is) => (is ? add.run(user, now()) : remove.run(user)).changes === 1,
    isAdmin: (user) => find.get(user) !== undefined,
  }
}
