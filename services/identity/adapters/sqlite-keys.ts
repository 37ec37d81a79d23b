import type { Database } from 'better-sqlite3'
import type { IdentityStore, KeyPurpose, StoredKey } from '../identity-store.ts'

/** The part of the store that keeps the server's own secrets. */
export const sqliteKeys = (db: Database, now: () => number): Pick<IdentityStore, 'keys' | 'addKey' | 'retireKeys'> => {
  db.exec(`CREATE TABLE IF NOT EXISTS keys (
    id INTEGER PRIMARY KEY AUTOINCREMENT, purpose TEXT NOT NULL, key BLOB NOT NULL, created_at INTEGER NOT NULL) STRICT`)
  const all = db.prepare<[KeyPurpose], { key: Buffer; since: number }>(
    'SELECT key, created_at AS since FROM keys WHERE purpose = ? ORDER BY id',
  )
  const insert = db.prepare<[KeyPurpose, Uint8Array, number]>(
    'INSERT INTO keys (purpose, key, created_at) VALUES (?, ?, ?)',
  )
  const retire = db.prepare<{ purpose: KeyPurpose; time: number }>(`DELETE FROM keys WHERE purpose = :purpose
    AND id < (SELECT max(id) FROM keys WHERE purpose = :purpose AND created_at <= :time)`)
  const found = (purpose: KeyPurpose): StoredKey[] =>
    all.all(purpose).map(({ key, since }) => ({ key: new Uint8Array(key), since }))
  const foundOrFirst = db.transaction((purpose: KeyPurpose, first: Uint8Array) => {
    const keys = found(purpose)
    if (keys.length > 0) return keys
    insert.run(purpose, first, now())
    return found(purpose)
  })

  return {
    keys: (purpose, first) => foundOrFirst.immediate(purpose, first),
    addKey: (purpose, key) => void insert.run(purpose, key, now()),
    retireKeys: (purpose, time) => void retire.run({ purpose, time }),
  }
}
