import { createHash } from 'node:crypto'
import type { Db } from './adapters/sqlite-file.ts'

/**
 * A model as text that two stores agree on exactly when they say the same: each query's rows in its order, a line each.
 * The queries name things by the ids of the log and never by a store's own keys.
 */
export function* exportRows(db: Db, queries: Readonly<Record<string, string>>): Iterable<string> {
  for (const [name, sql] of Object.entries(queries))
    for (const row of db.prepare(sql).raw().iterate()) yield `${name} ${JSON.stringify(row)}\n`
}

/** SHA-256 of an export, in hexadecimal. */
export const hashOf = (lines: Iterable<string>): string => {
  const hash = createHash('sha256')
  for (const line of lines) hash.update(line)
  return hash.digest('hex')
}
