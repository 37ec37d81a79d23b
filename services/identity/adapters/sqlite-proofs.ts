import type { UserId } from '@verbatim/protocol'
import type { Database } from 'better-sqlite3'
import type { Proof, ProviderLink } from '../identity-store.ts'

/** Whether what let a person in still holds. The tables of handles and links are there already. */
export const sqliteProofs = (db: Database): ((user: UserId, by: Proof) => boolean) => {
  const password = db.prepare<[UserId, string]>('SELECT 1 FROM handles WHERE user = ? AND password_hash = ?')
  const link = db.prepare<[ProviderLink & { user: UserId }]>(
    'SELECT 1 FROM links WHERE issuer = :issuer AND subject = :subject AND user = :user',
  )
  return (user, by) =>
    ('passwordHash' in by
      ? password.get(user, by.passwordHash)
      : link.get({ issuer: by.issuer, subject: by.subject, user })) !== undefined
}
