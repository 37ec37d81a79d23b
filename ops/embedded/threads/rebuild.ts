// The thread that fills new models from the log and compares them with those that serve, when an operator asks for it.
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { openLogReader } from '@verbatim/services/event-log'
import { serveCalls } from '@verbatim/services/threads'
import { fillingFrom } from '../rebuild/filling-from.ts'
import { standBack } from '../rebuild/priority.ts'
import type { ThreadStart } from '../threads.ts'

const { folder, ports } = workerData as ThreadStart<{ folder: string }>
standBack('last')
const log = openLogReader(join(folder, 'log.db'))
const closed = new AbortController()
const filling = fillingFrom({
  log,
  onProgress: (filled) => ports.progress?.postMessage(filled),
  stopped: closed.signal,
})
if (ports.filling) serveCalls(ports.filling, filling)
ports.filling?.once('close', () => closed.abort())
parentPort?.postMessage('ready')
