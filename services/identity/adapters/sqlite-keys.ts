import type { Database } from 'better-sqlite3'
import type { IdentityStore, KeyPurpose } from '../identity-store.ts'

/** The part of the store that keeps the server's own secrets. */
export const sqliteKeys = (db: Database, now: () => number): Pick<IdentityStore, 'keys' | 'addKey'> => {
  db.exec(`CREATE TABLE IF NOT EXISTS keys (
    id INTEGER PRIMARY KEY AUTOINCREMENT, purpose TEXT NOT NULL, key BLOB NOT NULL, created_at INTEGER NOT NULL) STRICT`)
  const all = db.prepare<[KeyPurpose], { key: Buffer }>('SELECT key FROM keys WHERE purpose = ? ORDER BY id')
  const insert = db.prepare<[KeyPurpose, Uint8Array, number]>(
    'INSERT INTO keys (purpose, key, created_at) VALUES (?, ?, ?)',
  )
  const found = (purpose: KeyPurpose) => all.all(purpose).map(({ key }) => new Uint8Array(key))
  const foundOrFirst = db.transaction((purpose: KeyPurpose, first: Uint8Array) => {
    const keys = found(purpose)
    if (keys.length > 0) return keys
    insert.run(purpose, first, now())
    return found(purpose)
  })

  return {
    keys: (purpose, first) => foundOrFirst.immediate(purpose, first),
    addKey: (purpose, key) => void insert.run(purpose, key, now()),
  }
}
