import { signUp, startGroup } from '../cast.ts'
import { checkAcknowledged } from '../check.ts'
import { generate } from '../generate.ts'
import type { Result } from '../generator/job.ts'
import { type Options, percent, perSecond, type Workload } from '../row.ts'
import { startRaw, startVerbatim } from '../server.ts'
import { median, spread } from '../statistics.ts'

const everybody = (members: number) => Array.from({ length: members }, (_, i) => i)

/** One room in which `senders` of `members` sockets send, `inFlight` messages at a time. */
const roomOnVerbatim = async (
  shape: { members: number; senders: number; inFlight: number },
  options: Options,
): Promise<Result> => {
  const server = await startVerbatim()
  try {
    const players = await signUp(server, shape.members)
    const [host] = players
    if (!host) throw new Error('too few players')
    const id = await startGroup(
      server,
      host,
      players.slice(1).map(({ user }) => user),
    )
    const conversations = [{ id, senders: everybody(shape.senders), members: everybody(shape.members) }]
    const tokens = players.map(({ token }) => token)
    const result = await generate({
      kind: 'flow',
      url: server.url,
      tokens,
      conversations,
      inFlight: shape.inFlight,
      ...options,
    })
    await checkAcknowledged(server, result, () => host)
    return result
  } finally {
    await server.stop()
  }
}

const roomOnRaw = async (members: number, senders: number, inFlight: number, options: Options): Promise<Result> => {
  const server = await startRaw(false)
  try {
    const conversations = [{ id: 'room', senders: everybody(senders), members: everybody(members) }]
    const tokens = everybody(members).map(() => 'room')
    return await generate({ kind: 'flow', url: server.url, tokens, conversations, inFlight, ...options })
  } finally {
    await server.stop()
  }
}

/** One room of 200 members, all online, several of them sending. */
export const room: Workload = {
  name: 'room',
  doc: 'one room of 200 members, all online, eight of them sending, against uWebSockets.js publish without a store',
  run: async (options, log) => {
    const ratios: number[] = []
    const ours: Result[] = []
    const raws: Result[] = []
    for (let i = 0; i < options.pairs; i++) {
      const raw = await roomOnRaw(200, 8, 64, options)
      const mine = await roomOnVerbatim({ members: 200, senders: 8, inFlight: 64 }, options)
      log(`room ${i + 1}: ${perSecond(mine.deliveries)} against ${perSecond(raw.deliveries)} deliveries`)
      raws.push(raw)
      ours.push(mine)
      ratios.push(mine.deliveries / raw.deliveries)
    }
    const ratio = median(ratios)
    return [
      {
        workload: 'room of 200',
        ours: `${perSecond(median(ours.map(({ deliveries }) => deliveries)))} deliveries`,
        against: `${perSecond(median(raws.map(({ deliveries }) => deliveries)))} raw publish`,
        ratio,
        spread: spread(ratios),
        target: '≥ 0.6',
        met: ratio >= 0.6,
        generatorCpu: `${percent(median(ours.map(({ cpu }) => cpu)))} / ${percent(median(raws.map(({ cpu }) => cpu)))}`,
      },
    ]
  },
}

/** One sender with 64 messages in flight in one room of two. */
export const busyRoomOnVerbatim = (options: Options): Promise<Result> =>
  roomOnVerbatim({ members: 2, senders: 1, inFlight: 64 }, options)
