import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { directPairs } from '../cast.ts'
import { generate } from '../generate.ts'
import type { Result } from '../generator/job.ts'
import { type Options, percent, type Workload } from '../row.ts'
import { startVerbatim } from '../server.ts'
import { median, quantile, spread } from '../statistics.ts'
import { pairsOnVerbatim } from './pairs.ts'

const PAIRS = 25
const milliseconds = (value: number) => `${value.toFixed(2)} ms`

/** Open loop at 30 % of what pairs reached: time from when a send was due to its acknowledgement. */
export const latency: Workload = {
  name: 'latency',
  doc: 'open loop at 30 % of the rate of pairs, against one fsync of one event on this disk',
  run: async (options, log) => {
    const most = await pairsOnVerbatim(options)
    const rate = most.messages * 0.3
    const runs = []
    for (let i = 0; i < options.pairs; i++) {
      const disk = oneFsync()
      const result = await openLoop(rate, options)
      const p50 = quantile(result.latencies, 0.5)
      const p99 = quantile(result.latencies, 0.99)
      log(
        `latency ${i + 1}: at ${Math.round(rate)}/s p50 ${milliseconds(p50)}, p99 ${milliseconds(p99)}, fsync ${milliseconds(disk)}`,
      )
      runs.push({ p50, p99, disk, ratio: p50 / disk, cpu: result.cpu })
    }
    const ratio = median(runs.map((run) => run.ratio))
    const p99 = median(runs.map((run) => run.p99))
    const generatorCpu = percent(median(runs.map(({ cpu }) => cpu)))
    const ratios = spread(runs.map((run) => run.ratio))
    return [
      {
        workload: 'ack p50 at 30 %',
        ours: milliseconds(median(runs.map((run) => run.p50))),
        against: `${milliseconds(median(runs.map(({ disk }) => disk)))} one fsync`,
        ratio,
        spread: ratios,
        target: '≤ 4',
        met: ratio <= 4,
        generatorCpu,
      },
      {
        workload: 'ack p99 at 30 %',
        ours: milliseconds(p99),
        against: '20 ms',
        ratio: p99 / 20,
        spread: spread(runs.map((run) => run.p99 / 20)),
        target: '≤ 1',
        met: p99 <= 20,
        generatorCpu,
      },
    ]
  },
}

const openLoop = async (rate: number, options: Options): Promise<Result> => {
  const server = await startVerbatim()
  try {
    const { conversations, tokens } = await directPairs(server, PAIRS)
    // One side sends: the other's socket then only carries what is delivered.
    const oneSided = conversations.map(({ id, senders, members }) => ({ id, senders: senders.slice(0, 1), members }))
    return await generate({ kind: 'latency', url: server.url, tokens, conversations: oneSided, rate, ...options })
  } finally {
    await server.stop()
  }
}

/** Milliseconds, the median of 500: a record of the size of one event appended to a file and forced to the disk. */
const oneFsync = (): number => {
  const folder = mkdtempSync(join(tmpdir(), 'verbatim-fsync-'))
  const file = openSync(join(folder, 'file'), 'w')
  const record = Buffer.alloc(400, 1)
  const times = Array.from({ length: 500 }, () => {
    const from = performance.now()
    writeSync(file, record)
    fdatasyncSync(file)
    return performance.now() - from
  })
  closeSync(file)
  rmSync(folder, { recursive: true })
  return median(times)
}
