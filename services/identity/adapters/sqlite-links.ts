import type { UserId } from '@verbatim/protocol'
import type { Database } from 'better-sqlite3'
import type { HandleRow, IdentityStore, ProviderLink } from '../identity-store.ts'

type Links = Pick<IdentityStore, 'linked' | 'reserveLinked' | 'link' | 'linksOf' | 'unlink'>
type Parts = { readonly now: () => number } & Pick<IdentityStore, 'handle' | 'reserve'>
/** The part of the store that knows whom the providers vouch for. The table of handles is there already. */
export const sqliteLinks = (db: Database, { now, handle, reserve }: Parts): Links => {
  db.exec(`CREATE TABLE IF NOT EXISTS links (
    issuer TEXT NOT NULL, subject TEXT NOT NULL, linked_at INTEGER NOT NULL,
    user TEXT NOT NULL REFERENCES handles (user) ON DELETE CASCADE,
    PRIMARY KEY (issuer, subject)) STRICT, WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS links_of ON links (user, linked_at)`)
  const find = db.prepare<[ProviderLink], { user: UserId; handle: string }>(
    'SELECT user, handle FROM links JOIN handles USING (user) WHERE issuer = :issuer AND subject = :subject',
  )
  const insert = db.prepare(`INSERT INTO links (issuer, subject, user, linked_at)
    SELECT :issuer, :subject, user, :at FROM handles WHERE user = :user
    ON CONFLICT (issuer, subject) DO NOTHING`)
  const of = db.prepare<[UserId], ProviderLink>(
    'SELECT issuer, subject FROM links WHERE user = ? ORDER BY linked_at, issuer, subject',
  )
  const remove = db.prepare<[ProviderLink & { user: UserId }]>(
    'DELETE FROM links WHERE issuer = :issuer AND subject = :subject AND user = :user',
  )
  const password = db.prepare<[UserId]>("SELECT 1 FROM handles WHERE user = ? AND password_hash <> ''")

  const link = ({ issuer, subject }: ProviderLink, user: UserId): boolean => {
    insert.run({ issuer, subject, user, at: now() })
    return find.get({ issuer, subject })?.user === user
  }
  const reserveLinked = db.transaction((row: HandleRow, to: ProviderLink) => {
    if (find.get(to)) return 'link-taken'
    if (!reserve(row)) return 'handle-taken'
    link(to, row.user)
    return 'reserved'
  })
  const unlink = db.transaction((user: UserId, links: readonly ProviderLink[], others: readonly ProviderLink[]) => {
    const isKept = others.some(({ issuer, subject }) => find.get({ issuer, subject })?.user === user)
    if (!isKept && !password.get(user)) return 'only-way-in'
    for (const { issuer, subject } of links) remove.run({ issuer, subject, user })
    return 'unlinked'
  })

  return {
    linked: (to) => {
      const found = find.get(to)
      return found && handle(found.handle)
    },
    reserveLinked: (row, to) => reserveLinked.immediate(row, to),
    link: db.transaction(link).immediate,
    linksOf: (user) => of.all(user),
    unlink: (user, links, others) => unlink.immediate(user, links, others),
  }
}
