// The thread that writes log.db, and nothing else does.
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { checkEnd, type HeadSignal, openLogWriter, serveLogWriter } from '@verbatim/services/event-log'
import { sentenceOf } from '../../sentence.ts'
import type { ThreadStart } from '../threads.ts'
import { type Commits, countingCommits } from '../watching/commits.ts'
import { beating } from '../watching/vitals.ts'

/** Events from the end of the log that are read at each start. */
const CHECKED = 10_000

type Given = { folder: string; signal: HeadSignal; commits: Commits }
const { folder, signal, commits, ports, vitals } = workerData as ThreadStart<Given>
const { beat } = beating(vitals)
const { onCommit, ...failures } = countingCommits(commits)
const file = join(folder, 'log.db')
const writer = openLogWriter({ file, newLogId: randomUUID })
// Before anybody is served, and before anything is written behind what is spoilt.
try {
  checkEnd(file, CHECKED)
} catch (error) {
  const found = sentenceOf(error)
  throw new Error(`${found}; restore a backup, \`npx verbatim verify\` finds whatever else is spoilt`, { cause: error })
}
if (ports.log)
  serveLogWriter(ports.log, writer, signal, {
    // While parcels keep coming it takes them without turning; each commit says that it is at work.
    onCommit(events, milliseconds) {
      beat()
      onCommit(events, milliseconds)
    },
    ...failures,
  })
parentPort?.postMessage({ log: writer.log, head: writer.head() })
