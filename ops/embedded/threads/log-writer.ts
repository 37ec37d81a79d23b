// The thread that writes log.db, and nothing else does.
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { type HeadSignal, openLogWriter, serveLogWriter } from '@verbatim/services/event-log'
import type { ThreadStart } from '../threads.ts'
import { type Commits, countingCommits } from '../watching/commits.ts'
import { beating } from '../watching/vitals.ts'

type Given = { folder: string; signal: HeadSignal; commits: Commits }
const { folder, signal, commits, ports, vitals } = workerData as ThreadStart<Given>
const { beat } = beating(vitals)
const { onCommit, onFailure } = countingCommits(commits)
const writer = openLogWriter({ file: join(folder, 'log.db'), newLogId: randomUUID })
if (ports.log)
  serveLogWriter(ports.log, writer, signal, {
    // While parcels keep coming it takes them without turning; each commit says that it is at work.
    onCommit(events, milliseconds) {
      beat()
      onCommit(events, milliseconds)
    },
    onFailure,
  })
parentPort?.postMessage({ log: writer.log, head: writer.head() })
