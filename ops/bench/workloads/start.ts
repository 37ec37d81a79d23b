import { fill } from '../fill.ts'
import { generate } from '../generate.ts'
import type { Workload } from '../row.ts'
import { startVerbatim } from '../server.ts'
import { median, spread } from '../statistics.ts'

const EVENTS = 100_000
const MOST = 3

/** From the start of the process to a message that is acknowledged and delivered. */
export const start: Workload = {
  name: 'start',
  doc: 'from the start of the process to the first message, with 100,000 events in the log',
  run: async ({ pairs }, log) => {
    let server = await startVerbatim()
    try {
      const { players, conversations } = await fill(server, { pairs: 50, messages: EVENTS }, log)
      const [id = ''] = conversations
      const tokens = players.slice(0, 2).map(({ token }) => token)
      const seconds: number[] = []
      for (let i = 0; i < pairs; i++) {
        await server.end()
        const from = performance.now()
        server = await startVerbatim({}, server.folder)
        const listening = (performance.now() - from) / 1_000
        const conversation = { id, senders: [0], members: [0, 1] }
        const one = { kind: 'flow', inFlight: 1, seconds: 0, warmUpSeconds: 0 } as const
        await generate({ ...one, url: server.url, tokens, conversations: [conversation] })
        seconds.push((performance.now() - from) / 1_000)
        log(
          `start ${i + 1}: listening after ${listening.toFixed(2)} s, first message after ${seconds.at(-1)?.toFixed(2)} s`,
        )
      }
      const took = median(seconds)
      return [
        {
          workload: 'start',
          ours: `${took.toFixed(2)} s with ${EVENTS.toLocaleString('en')} events`,
          against: `${MOST} s`,
          ratio: took / MOST,
          spread: spread(seconds.map((each) => each / MOST)),
          target: '≤ 1',
          met: took <= MOST,
          generatorCpu: '',
        },
      ]
    } finally {
      await server.stop()
    }
  },
}
