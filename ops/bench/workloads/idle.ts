import { setTimeout as sleep } from 'node:timers/promises'
import { signUp, startGroup } from '../cast.ts'
import { generate } from '../generate.ts'
import type { Job } from '../generator/job.ts'
import type { Options, Workload } from '../row.ts'
import { type Server, startRaw, startVerbatim } from '../server.ts'
import { median, spread } from '../statistics.ts'

const SOCKETS = 5_000
const PEOPLE = 100
const CONVERSATIONS = 20
const kib = (bytes: number) => `${(bytes / 1024).toFixed(1)} KiB`

/** Sockets held, signed in, following twenty conversations each, against a socket that only is open. */
export const idle: Workload = {
  name: 'idle',
  doc: 'bytes of resident memory a socket, signed in and following 20 conversations, against a bare uWebSockets.js socket',
  run: async (options, log) => {
    const runs = []
    for (let i = 0; i < options.pairs; i++) {
      const raw = await bytesPerRawSocket(options)
      const mine = await bytesPerSocket(options)
      log(`idle ${i + 1}: ${kib(mine)} against ${kib(raw)} a socket`)
      runs.push({ raw, mine, ratio: mine / raw })
    }
    const ratio = median(runs.map((run) => run.ratio))
    return [
      {
        workload: 'idle socket',
        ours: kib(median(runs.map(({ mine }) => mine))),
        against: `${kib(median(runs.map(({ raw }) => raw)))} raw`,
        ratio,
        spread: spread(runs.map((run) => run.ratio)),
        target: '≤ 3',
        met: ratio <= 3,
        generatorCpu: '',
      },
    ]
  },
}

const bytesPerRawSocket = async (options: Options): Promise<number> => {
  const server = await startRaw(false)
  try {
    return await growth(
      server,
      Array.from({ length: SOCKETS }, () => ''),
      options,
    )
  } finally {
    await server.stop()
  }
}

const bytesPerSocket = async (options: Options): Promise<number> => {
  const server = await startVerbatim()
  try {
    const players = await signUp(server, PEOPLE)
    // Groups of twenty in a ring: each person is in twenty of them.
    for (const [i, host] of players.entries()) {
      const members = Array.from({ length: CONVERSATIONS - 1 }, (_, k) => players[(i + k + 1) % PEOPLE]?.user ?? '')
      await startGroup(server, host, members)
    }
    const tokens = Array.from({ length: SOCKETS }, (_, i) => players[i % PEOPLE]?.token ?? '')
    return await growth(server, tokens, options)
  } finally {
    await server.stop()
  }
}

/** Resident bytes that a socket adds, counted on the sockets after the first tenth, which warm everything up. */
const growth = async (server: Server, tokens: readonly string[], options: Options): Promise<number> => {
  const seconds = Math.max(options.seconds, 4)
  const few = tokens.slice(0, tokens.length / 10)
  const hold = (some: readonly string[]): Job => ({
    kind: 'idle',
    url: server.url,
    tokens: some,
    conversations: [],
    seconds,
    warmUpSeconds: 0,
  })
  const first = await heldAt(server, hold(few))
  const all = await heldAt(server, hold(tokens))
  return (all - first) / (tokens.length - few.length)
}

const heldAt = async (server: Server, job: Job): Promise<number> => {
  const run = generate(job)
  let resident = 0
  const watch = (async () => {
    for (;;) {
      await sleep(200)
      resident = Math.max(resident, server.residentBytes())
    }
  })()
  await Promise.race([run, watch])
  return resident
}
