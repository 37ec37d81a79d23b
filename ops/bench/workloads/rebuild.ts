import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { openLogReader } from '@verbatim/services/event-log'
import { fill } from '../fill.ts'
import { perSecond, type Workload } from '../row.ts'
import { dataOf, startVerbatim } from '../server.ts'

const LEAST = 20_000

/** Every event into timelines and graph together, as `verbatim rebuild` does it, against reading the log and nothing else. */
export const rebuild: Workload = {
  name: 'rebuild',
  doc: 'events a second into timelines and social graph together, by the command, against a raw scan of the log',
  run: async ({ messages }, log) => {
    const server = await startVerbatim()
    try {
      await fill(server, { pairs: 50, messages: Math.min(messages, 300_000) }, log)
      await server.end()
      const scan = scanned(join(dataOf(server.folder), 'log.db'))
      const from = performance.now()
      await verbatim(server.folder, 'rebuild', 'timelines', 'social_graph', '--apply', '--json')
      const rate = (scan.events * 1_000) / (performance.now() - from)
      log(`rebuild: ${perSecond(rate)} against a scan of ${perSecond(scan.rate)}`)
      return [
        {
          workload: 'rebuild',
          ours: `${perSecond(rate)} of ${scan.events.toLocaleString('en')}`,
          against: `${perSecond(LEAST)} floor`,
          ratio: rate / LEAST,
          spread: '',
          target: '≥ 1',
          met: rate >= LEAST,
          generatorCpu: '',
        },
        {
          workload: 'rebuild of a scan',
          ours: perSecond(rate),
          against: `${perSecond(scan.rate)} raw scan`,
          ratio: rate / scan.rate,
          spread: '',
          target: '≥ 0.1',
          met: rate / scan.rate >= 0.1,
          generatorCpu: '',
        },
      ]
    } finally {
      await server.stop()
    }
  },
}

const scanned = (file: string): { events: number; rate: number } => {
  const reader = openLogReader(file)
  const from = performance.now()
  let events = 0
  for (let after = 0; ; ) {
    const page = reader.readAll(after, 1_000)
    const last = page.at(-1)
    if (!last) break
    events += page.length
    after = last.position
  }
  reader.close()
  return { events, rate: (events * 1_000) / (performance.now() - from) }
}

/** The command, from its start to its end: what an operator waits for. */
const verbatim = (folder: string, ...words: string[]): Promise<unknown> =>
  promisify(execFile)(process.execPath, [fileURLToPath(new URL('./cli.js', import.meta.url)), ...words], {
    env: { ...process.env, DATA: dataOf(folder) },
    maxBuffer: 64 * 1024 * 1024,
  })
