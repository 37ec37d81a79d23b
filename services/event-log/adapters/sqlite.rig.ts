import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MessageChannel } from 'node:worker_threads'
import type { StreamName } from '@verbatim/protocol'
import { callsOver, serveCalls } from '@verbatim/services/threads'
import type { EventLog, NewEvent } from '../port.ts'
import { newHeadSignal } from './head-signal.ts'
import { type LogReads, logReads, reviveLogError } from './log-reads.ts'
import { emptyParcel, type Parcel, pack } from './parcel.ts'
import { sqliteEventLog } from './sqlite-event-log.ts'
import { openLogReader } from './sqlite-reader.ts'
import { type LogWriter, openLogWriter } from './sqlite-writer.ts'
import { type ServeLogWriterOptions, serveLogWriter } from './writer-loop.ts'

/** A folder of the test's own, gone with it. */
export const freshFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'verbatim-log-'))
  folders.push(folder)
  return folder
}
const folders: string[] = []
process.once('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

export const freshFile = (): string => join(freshFolder(), 'log.db')

/** The whole adapter, all its threads in one. */
export const openSqlite = (file: string = freshFile(), heard: ServeLogWriterOptions = {}) => {
  const writer = openLogWriter({ file, newLogId: () => 'log-1' })
  const appends = new MessageChannel()
  const reading = new MessageChannel()
  const signal = newHeadSignal()
  serveLogWriter(appends.port1, writer, signal, heard)
  const reader = openLogReader(file)
  serveCalls(reading.port1, logReads(reader))
  const reads = callsOver<LogReads>(reading.port2, reviveLogError)
  const log: EventLog = sqliteEventLog({
    writer: appends.port2,
    reads,
    log: writer.log,
    head: writer.head(),
  })
  return { log, file, writer, reader, reads, signal, ports: { appends, reading } }
}

/** Packs appends as the main thread does. */
export const parcelOf = (...appends: [stream: StreamName, expected: number, events: readonly NewEvent[]][]): Parcel => {
  const parcel = emptyParcel()
  for (const append of appends) pack(parcel, ...append)
  return parcel
}

/** A writer that holds these events of one stream. */
export const writerWith = (file: string, stream: StreamName, events: readonly NewEvent[]): LogWriter => {
  const writer = openLogWriter({ file, newLogId: () => 'log-1' })
  for (let at = 0; at < events.length; at += 500) {
    writer.stage(parcelOf([stream, at - 1, events.slice(at, at + 500)]))
    writer.commit()
  }
  return writer
}
