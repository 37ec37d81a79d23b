// The thread that writes log.db, and nothing else does.
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { type HeadSignal, openLogWriter, serveLogWriter } from '@verbatim/services/event-log'
import type { ThreadStart } from '../threads.ts'

const { folder, signal, ports } = workerData as ThreadStart<{ folder: string; signal: HeadSignal }>
const writer = openLogWriter({ file: join(folder, 'log.db'), newLogId: randomUUID })
if (ports.log) serveLogWriter(ports.log, writer, signal)
parentPort?.postMessage({ log: writer.log, head: writer.head() })
