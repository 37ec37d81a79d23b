// The thread that projects: keeps every read model up with the log.
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { model, modelFile, runProjections } from '@verbatim/projections/projector'
import { people, sqlitePeopleStore } from '@verbatim/projections/search'
import { socialGraph, sqliteSocialGraphStore } from '@verbatim/projections/social-graph'
import { timelines, timelinesStore } from '@verbatim/projections/timelines'
import { followLog, type HeadSignal, openLogReader } from '@verbatim/services/event-log'
import type { ThreadStart } from '../threads.ts'

const { folder, signal, ports } = workerData as ThreadStart<{ folder: string; signal: HeadSignal }>
const reader = openLogReader(join(folder, 'log.db'))

const running = runProjections({
  models: [
    model(timelines, timelinesStore(modelFile(folder, timelines))),
    model(socialGraph, sqliteSocialGraphStore({ file: modelFile(folder, socialGraph) })),
    model(people, sqlitePeopleStore({ file: modelFile(folder, people) })),
  ],
  log: {
    log: reader.log,
    head: async () => reader.head(),
    readAll: async (after, limit) => reader.readAll(after, limit),
    follow: (after, onBatch) => followLog(reader, signal, after, onBatch),
  },
  onProgress: (progress) => ports.progress?.postMessage(progress),
})

// Waiting for the next commit does not keep a thread alive; its port does. The main thread closes it when it is done,
// and what is under way is finished first.
ports.progress?.on('message', () => undefined)
ports.progress?.once('close', () => void running.close().then(() => reader.close()))
parentPort?.postMessage('ready')
