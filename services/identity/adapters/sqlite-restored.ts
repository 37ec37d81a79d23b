import type { UserId } from '@verbatim/protocol'
import Database from 'better-sqlite3'

export type NamedAccount = { readonly handle: string; readonly user: UserId; readonly confirmed: boolean }

/** Whose the handles are, in a file that is only read: beside a running server, or in a backup. */
export const accountsIn = (file: string): NamedAccount[] => {
  const db = new Database(file, { readonly: true, fileMustExist: true, timeout: 1_000 })
  try {
    return db
      .prepare<[], { handle: string; user: UserId; confirmed: number }>(
        'SELECT handle, user, confirmed FROM handles ORDER BY handle',
      )
      .all()
      .map((row) => ({ ...row, confirmed: row.confirmed === 1 }))
  } finally {
    db.close()
  }
}

/**
 * After a restore from a backup whose log is a moment older: accounts that the log does not know are reservations
 * again, so that their people register as if it had never been, with the same password under the same id.
 * @returns how many there were
 */
export const unconfirmUnknown = (file: string, isKnown: (user: UserId) => boolean): number => {
  const db = new Database(file, { fileMustExist: true })
  try {
    const unconfirm = db.prepare<[UserId]>('UPDATE handles SET confirmed = 0 WHERE user = ? AND confirmed = 1')
    const unknown = accountsIn(file).filter(({ user, confirmed }) => confirmed && !isKnown(user))
    db.transaction(() => {
      for (const { user } of unknown) unconfirm.run(user)
    })()
    return unknown.length
  } finally {
    db.close()
  }
}
