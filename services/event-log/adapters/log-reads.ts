import { CorruptEvent, LogUnavailable, UpgradeNeeded } from '../port.ts'
import type { LogReader } from './sqlite-reader.ts'

/** What the thread that reads serves to the main thread, by `serveCalls`. */
export type LogReads = Pick<LogReader, 'read' | 'last' | 'find' | 'readAll' | 'head'>

export const logReads = (reader: LogReader) => ({
  read: reader.read.bind(reader),
  last: reader.last.bind(reader),
  find: reader.find.bind(reader),
  readAll: reader.readAll.bind(reader),
  head: reader.head.bind(reader),
})

/** The log's own errors, after they crossed a thread boundary as plain fields. For `callsOver`. */
export const reviveLogError = (error: { name: string; message: string; [field: string]: unknown }): Error => {
  const own = CLASSES.find(({ name }) => name === error.name)
  const revived = Object.assign(new Error(error.message), error)
  return own ? Object.setPrototypeOf(revived, own.prototype) : revived
}

const CLASSES = [CorruptEvent, UpgradeNeeded, LogUnavailable]
