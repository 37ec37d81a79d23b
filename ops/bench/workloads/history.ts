import { fill } from '../fill.ts'
import { generate } from '../generate.ts'
import type { Workload } from '../row.ts'
import { type Server, startVerbatim } from '../server.ts'
import { median, quantile, spread } from '../statistics.ts'

const SMALL = 10_000
const milliseconds = (value: number) => `${value.toFixed(2)} ms`

/** A long conversation has to cost what a short one costs: one is filled, then both are appended to and opened in turn. */
export const history: Workload = {
  name: 'history',
  doc: 'append to and open a conversation of 1,000,000 messages, against one of 10,000',
  run: async ({ messages, pairs }, log) => {
    const [small, large] = [await filled(SMALL, log), await filled(messages, log)]
    try {
      const runs: { small: Cost; large: Cost }[] = []
      for (let i = 0; i < pairs; i++) runs.push({ small: await measured(small), large: await measured(large) })
      const rows = (['append', 'open'] as const).map((what) => {
        const ratios = runs.map((run) => run.large[what] / run.small[what])
        const ratio = median(ratios)
        log(`history, ${what}: ${ratios.map((each) => each.toFixed(2)).join(', ')}`)
        return {
          workload: `${what} to ${messages.toLocaleString('en')}`.replace('open to', 'open of'),
          ours: milliseconds(median(runs.map((run) => run.large[what]))),
          against: `${milliseconds(median(runs.map((run) => run.small[what])))} of ${SMALL.toLocaleString('en')}`,
          ratio,
          spread: spread(ratios),
          target: '≤ 1.5',
          met: ratio <= 1.5,
          generatorCpu: '',
        }
      })
      return rows
    } finally {
      await Promise.all([small.server.stop(), large.server.stop()])
    }
  },
}

type Cost = { readonly append: number; readonly open: number }
type Long = { readonly server: Server; readonly conversation: string; readonly tokens: readonly string[] }

const filled = async (messages: number, log: (line: string) => void): Promise<Long> => {
  const server = await startVerbatim()
  const { players, conversations } = await fill(server, { pairs: 1, messages }, log)
  return { server, conversation: conversations[0] ?? '', tokens: players.map(({ token }) => token) }
}

/** Milliseconds: the median acknowledgement of 500 messages a second, and the median of 200 first pages. */
const measured = async ({ server, conversation, tokens }: Long): Promise<Cost> => {
  const one = { id: conversation, senders: [0], members: [0, 1] }
  const job = { kind: 'latency', rate: 500, seconds: 3, warmUpSeconds: 1 } as const
  const { latencies } = await generate({ ...job, url: server.url, tokens, conversations: [one] })
  const opened: number[] = []
  for (let i = 0; i < 200; i++) {
    const from = performance.now()
    const response = await fetch(`${server.url}/api/conversations/${conversation}/messages?limit=10`, {
      headers: { authorization: `Bearer ${tokens[0]}` },
    })
    if (!response.ok) throw new Error(`messages: ${response.status} ${await response.text()}`)
    await response.arrayBuffer()
    opened.push(performance.now() - from)
  }
  return { append: quantile(latencies, 0.5), open: quantile(opened, 0.5) }
}
