// The thread that projects: keeps every read model up with the log.
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { runProjections } from '@verbatim/projections/projector'
import { asStreamName } from '@verbatim/protocol'
import { followLog, type HeadSignal, openLogReader, wantedBeyond } from '@verbatim/services/event-log'
import { serveCalls } from '@verbatim/services/threads'
import { knownModels, openToServe, type ProjectorRequests } from '../models.ts'
import { standBack } from '../rebuild/priority.ts'
import { projectingOn } from '../rebuild/projecting-on.ts'
import type { ThreadStart } from '../threads.ts'
import { beating } from '../watching/vitals.ts'

/** Milliseconds that a model may stay behind a busy log when nobody waits for it. */
const REST = 50

const { folder, signal, ports, vitals } = workerData as ThreadStart<{ folder: string; signal: HeadSignal }>
beating(vitals)
// What is said comes before what is written down of it: on few processors it would hold up the sockets.
standBack('behind')
const logFile = join(folder, 'log.db')
const reader = openLogReader(logFile)

const running = runProjections({
  models: knownModels.map((known) => openToServe(known, known.file(folder))),
  log: {
    log: reader.log,
    head: async () => reader.head(),
    readAll: async (after, limit) => reader.readAll(after, limit),
    follow: (after, onBatch) => followLog(reader, signal, after, onBatch),
    rest: (after) => wantedBeyond(signal, after, REST),
  },
  onProgress: (progress) => ports.progress?.postMessage(progress),
})

const requests: ProjectorRequests = {
  retry: (projection, stream) => running.retry(projection, asStreamName(stream)),
  drop: (projection, stream) => running.drop(projection, asStreamName(stream)),
  ...projectingOn(running, logFile),
}
if (ports.requests) serveCalls(ports.requests, requests)

// Waiting for the next commit does not keep a thread alive; its port does. The main thread closes it when it is done,
// and what is under way is finished first.
ports.progress?.on('message', () => undefined)
ports.progress?.once('close', () => void running.close().then(() => reader.close()))
parentPort?.postMessage('ready')
