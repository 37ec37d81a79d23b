// The thread that reads: answers every query of the gateway and the deciders, from the log and the read models.
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { modelFile, openModelReader } from '@verbatim/projections/projector'
import { people, sqlitePeopleSearch } from '@verbatim/projections/search'
import { socialGraph, sqliteSocialGraph } from '@verbatim/projections/social-graph'
import { sqliteTimelines, timelines } from '@verbatim/projections/timelines'
import { logReads, openLogReader } from '@verbatim/services/event-log'
import { serveCalls } from '@verbatim/services/threads'
import type { ThreadStart } from '../threads.ts'
import { beating } from '../watching/vitals.ts'

const { folder, ports, vitals } = workerData as ThreadStart<{ folder: string }>
beating(vitals)
const log = openLogReader(join(folder, 'log.db'))
if (ports.log) serveCalls(ports.log, logReads(log))
if (ports.timelines) {
  const model = await openModelReader(modelFile(folder, timelines))
  serveCalls(ports.timelines, sqliteTimelines({ model, log: { read: async (...page) => log.read(...page) } }))
}
if (ports.socialGraph) serveCalls(ports.socialGraph, await sqliteSocialGraph({ file: modelFile(folder, socialGraph) }))
if (ports.people) serveCalls(ports.people, await sqlitePeopleSearch({ file: modelFile(folder, people) }))
parentPort?.postMessage('ready')
