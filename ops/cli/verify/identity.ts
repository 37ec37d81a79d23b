import { existsSync } from 'node:fs'
import { asStreamName, idOf, type UserId } from '@verbatim/protocol'
import { openLogReader } from '@verbatim/services/event-log'
import { accountsIn } from '@verbatim/services/identity'
import { sentenceOf } from '../../sentence.ts'
import { brokenParts } from '../adapters/sqlite.ts'
import { existingLog, identityFile } from '../files.ts'
import type { Fault } from './faults.ts'

/** The pages of the file, and, if the log can be asked, that both know the same people. */
export const verifyIdentity = (folder: string, isLogSound: boolean): Fault[] => {
  const file = identityFile(folder)
  if (!existsSync(file)) return [fault('identity.db is not there: nobody can sign in')]
  const broken = brokenParts(file)
  if (broken.length > 0 || !isLogSound) return broken.map(fault)
  try {
    // A handle is reserved before its account is in the log, and confirmed after: read around the log, nobody who
    // registers meanwhile is taken for a fault.
    const confirmed = accountsIn(file).filter((one) => one.confirmed)
    const logged = accountsOf(existingLog(folder))
    const reserved = new Set(accountsIn(file).map(({ user }) => user))
    return [
      ...confirmed
        .filter(({ user }) => !logged.has(user))
        .map(({ handle, user }) => fault(`${handle} (${user}) has no account in the log`)),
      ...[...logged]
        .filter(([user]) => !reserved.has(user))
        .map(([user, position]) => ({
          ...fault(`the account of ${user} has no handle, so nobody can sign in to it`),
          position,
        })),
    ]
  } catch (error) {
    return [fault(sentenceOf(error))]
  }
}

/** Position of the last event of each account in a log. */
export const accountsOf = (log: string): ReadonlyMap<UserId, number> => {
  const reader = openLogReader(log)
  try {
    return new Map(
      reader.streams('account').flatMap((stream) => {
        const last = reader.last(stream)
        return last ? [[idOf(asStreamName(stream)) as UserId, last.position] as const] : []
      }),
    )
  } finally {
    reader.close()
  }
}

const fault = (what: string): Fault => ({ where: 'identity', what })
