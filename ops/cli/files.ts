import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type LogReader, openLogReader } from '@verbatim/services/event-log'
import { exits, Failure } from './failure.ts'

/** Files of a data folder that cannot be built again. */
export const logFile = (folder: string): string => join(folder, 'log.db')
export const identityFile = (folder: string): string => join(folder, 'identity.db')

/** @throws Failure when it is not there or no folder */
export const existingFolder = (folder: string): void => {
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new Failure(`there is no folder ${folder}: set DATA to the one that the server uses`, exits.missing)
}

/** @throws Failure when the folder has no log */
export const existingLog = (folder: string): string => {
  existingFolder(folder)
  const file = logFile(folder)
  if (!existsSync(file))
    throw new Failure(`there is no log in ${folder}: set DATA to the folder that the server uses`, exits.missing)
  return file
}

/** The log, open for reading only. */
export const openedLog = (folder: string): LogReader => openLogReader(existingLog(folder))

/** Bytes of a database with what is written beside it. */
export const bytesOf = (file: string): number =>
  ['', '-wal'].reduce((sum, suffix) => sum + (statSync(`${file}${suffix}`, { throwIfNoEntry: false })?.size ?? 0), 0)
