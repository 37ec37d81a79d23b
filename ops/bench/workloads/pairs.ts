import { directPairs } from '../cast.ts'
import { checkAcknowledged } from '../check.ts'
import { generate } from '../generate.ts'
import type { Result } from '../generator/job.ts'
import { type Options, percent, perSecond, type Workload } from '../row.ts'
import { startRaw, startVerbatim } from '../server.ts'
import { median, spread } from '../statistics.ts'

const CONVERSATIONS = 50
const IN_FLIGHT = 8

/** 50 one-to-one conversations, 8 messages in flight each, both sides sending. */
export const pairs: Workload = {
  name: 'pairs',
  doc: 'fifty one-to-one conversations, eight messages in flight each, against uWebSockets.js with SQLite and no rules',
  run: async (options, log) => {
    const ratios: number[] = []
    const ours: Result[] = []
    const raws: Result[] = []
    for (let i = 0; i < options.pairs; i++) {
      const raw = await pairsOnRaw(options)
      const mine = await pairsOnVerbatim(options)
      log(`pairs ${i + 1}: ${perSecond(mine.messages)} against ${perSecond(raw.messages)}`)
      raws.push(raw)
      ours.push(mine)
      ratios.push(mine.messages / raw.messages)
    }
    const ratio = median(ratios)
    return [
      {
        workload: 'pairs',
        ours: perSecond(median(ours.map(({ messages }) => messages))),
        against: `${perSecond(median(raws.map(({ messages }) => messages)))} raw + SQLite`,
        ratio,
        spread: spread(ratios),
        target: '≥ 0.55',
        met: ratio >= 0.55,
        generatorCpu: `${percent(median(ours.map(({ cpu }) => cpu)))} / ${percent(median(raws.map(({ cpu }) => cpu)))}`,
      },
    ]
  },
}

export const pairsOnRaw = async (options: Options): Promise<Result> => {
  const server = await startRaw(true)
  try {
    const conversations = Array.from({ length: CONVERSATIONS }, (_, i) => ({
      id: `c${i}`,
      senders: [2 * i, 2 * i + 1],
      members: [2 * i, 2 * i + 1],
    }))
    const tokens = conversations.flatMap(({ id }) => [id, id])
    return await generate({ kind: 'flow', url: server.url, tokens, conversations, inFlight: IN_FLIGHT, ...options })
  } finally {
    await server.stop()
  }
}

export const pairsOnVerbatim = async (options: Options): Promise<Result> => {
  const server = await startVerbatim()
  try {
    const { players, conversations, tokens } = await directPairs(server, CONVERSATIONS)
    const result = await generate({
      kind: 'flow',
      url: server.url,
      tokens,
      conversations,
      inFlight: IN_FLIGHT,
      ...options,
    })
    await checkAcknowledged(server, result, (conversation) => {
      const reader = players[conversations.findIndex(({ id }) => id === conversation) * 2]
      if (!reader) throw new Error(`nobody reads ${conversation}`)
      return reader
    })
    return result
  } finally {
    await server.stop()
  }
}
