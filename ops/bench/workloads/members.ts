import { type Player, signUp, startGroup } from '../cast.ts'
import { generate } from '../generate.ts'
import type { Options, Workload } from '../row.ts'
import { type Server, startVerbatim } from '../server.ts'
import { median, quantile, spread } from '../statistics.ts'

const MANY = 5_000
const ONLINE = 200
const milliseconds = (value: number) => `${value.toFixed(2)} ms`

/** A large room must not cost its writers: nothing on the way of a message looks at each member. */
export const members: Workload = {
  name: 'members',
  doc: 'acknowledgement in a room of 5,000 members, 200 of them online, against a room of 2',
  run: async (options, log) => {
    const server = await startVerbatim({ GROUP_MEMBERS: `${MANY}` })
    try {
      const players = await signUp(server, MANY)
      log(`  ${MANY.toLocaleString('en')} people signed up`)
      const large = await room(server, players)
      const small = await room(server, players.slice(0, 2))
      const runs = []
      for (let i = 0; i < options.pairs; i++) {
        const many = await acknowledged(server, large, options)
        const few = await acknowledged(server, small, options)
        log(`members ${i + 1}: ${milliseconds(many)} against ${milliseconds(few)}`)
        runs.push({ many, few, ratio: many / few })
      }
      const ratio = median(runs.map((run) => run.ratio))
      return [
        {
          workload: 'ack among 5,000',
          ours: milliseconds(median(runs.map(({ many }) => many))),
          against: `${milliseconds(median(runs.map(({ few }) => few)))} in a room of 2`,
          ratio,
          spread: spread(runs.map((run) => run.ratio)),
          target: '≤ 2',
          met: ratio <= 2,
          generatorCpu: '',
        },
      ]
    } finally {
      await server.stop()
    }
  },
}

type Room = { readonly id: string; readonly tokens: readonly string[] }

const room = async (server: Server, players: readonly Player[]): Promise<Room> => {
  const [host] = players
  if (!host) throw new Error('a room of nobody')
  const id = await startGroup(
    server,
    host,
    players.slice(1).map(({ user }) => user),
  )
  return { id, tokens: players.slice(0, ONLINE).map(({ token }) => token) }
}

/** Milliseconds, the median at 50 messages a second. */
const acknowledged = async (server: Server, { id, tokens }: Room, options: Options): Promise<number> => {
  const one = { id, senders: [0], members: tokens.map((_, i) => i) }
  const job = { kind: 'latency', rate: 50, seconds: options.seconds, warmUpSeconds: 1 } as const
  const { latencies } = await generate({ ...job, url: server.url, tokens, conversations: [one] })
  return quantile(latencies, 0.5)
}
