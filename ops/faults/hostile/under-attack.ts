import type { ConversationId } from '@verbatim/protocol'
import { accepted } from '../load.ts'
import { register, ulid } from '../person.ts'
import { readWhole } from '../recorder.ts'
import { startServer } from '../server.ts'
import { type Bystanders, bystanders } from './bystanders.ts'
import type { Cast } from './cast.ts'
import { figuresOf } from './figures.ts'
import { attackWithBroken, attackWithFrames } from './frame-attack.ts'
import { attackWithBrokenRequests, attackWithRequests } from './request-attack.ts'
import { tallyOf } from './tally.ts'

export type Found = {
  /** What went wrong, in words; empty when nothing did. */
  readonly faults: string
  readonly counts: string
  readonly figures: string
  /** Milliseconds. */
  readonly worstStall: number
  /** Bytes of resident memory, from the end of the first batch to the largest. */
  readonly grown: number
}

type Given = {
  readonly data: string
  readonly sockets: 'uws' | 'ws'
  readonly seed: number
  readonly frames: number
  readonly requests: number
  readonly batches: number
}

/** Sockets and connections that attack at one time. */
const FRONTS = 4

/** Attacks in batches, and after each looks whether the server is the same, and well, and whether two others noticed. */
export const underAttack = async ({ data, sockets, seed, frames, requests, batches }: Given): Promise<Found> => {
  const server = await startServer({ data, env: { SOCKETS: sockets } })
  const { base, port } = server
  const tally = tallyOf()
  const others = await bystanders(base)
  const canary = await canaryOf(base)
  const lines: string[] = []
  let worstStall = 0
  const resident: number[] = []
  const before = await figuresOf(base)
  try {
    for (let batch = 0; batch < batches; batch++) {
      const cast = await castOf(base, others)
      const share = (whole: number) => Math.ceil(whole / batches / FRONTS)
      const attack = (front: number) => ({ port, cast, tally, seed: seed + batch * 1_000 + front })
      const each = <T>(run: (front: number) => Promise<T>) => Array.from({ length: FRONTS }, (_, front) => run(front))
      const slowest = talking(others)
      await Promise.all([
        ...each((front) => attackWithFrames(attack(front), share(frames))),
        ...each((front) => attackWithRequests(attack(100 + front), share(requests))),
        // The broken ones are the same each time: they take turns.
        ...(batch % 2 === 0
          ? each((front) => attackWithBroken(attack(front), { front, of: FRONTS }))
          : each((front) => attackWithBrokenRequests(attack(front), { front, of: FRONTS }, canary.request))),
      ])
      const acknowledged = await slowest()
      const smuggled = await canary.carriedOut()
      if (smuggled > 0) tally.fault('smuggled', `${smuggled} messages`)
      const now = await figuresOf(base)
      if (now.started !== before.started) tally.fault('another process', `${now.started}`)
      if (now.failures > 0) tally.fault('failures', `${now.failures}`)
      if (now.parked > 0) tally.fault('parked', `${now.parked}`)
      if ((await fetch(`${base}/health`)).status !== 200) tally.fault('not healthy', '')
      await others.talk()
      worstStall = Math.max(worstStall, now.stall)
      resident.push(now.resident)
      lines.push(
        `batch ${batch}: loop late by at most ${Math.round(now.stall)} ms, ${Math.round(now.resident / 1024 / 1024)} MiB, the bystanders' slowest acknowledgement ${Math.round(acknowledged)} ms`,
      )
    }
    const judged = await others.judge()
    if (judged !== '') tally.fault('the bystanders', judged)
    const errors = server.errors()
    if (/unhandled|uncaught|"level":[56]0|\n\s+at /i.test(errors)) tally.fault('the log', errors.slice(0, 3_000))
  } finally {
    others.leave()
    await server.kill()
  }
  const grown = Math.max(...resident) - (resident[0] ?? 0)
  return { faults: tally.report(), counts: tally.counts(), figures: lines.join('\n'), worstStall, grown }
}

/** Talk that goes on until it is asked for; it then answers the slowest acknowledgement. */
const talking = (others: Bystanders): (() => Promise<number>) => {
  let going = true
  let slowest = 0
  const talk = (async () => {
    while (going) {
      slowest = Math.max(slowest, await others.talk())
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  })()
  // Told when it is asked for, also where something else has gone wrong before.
  talk.catch(() => undefined)
  return async () => {
    going = false
    await talk
    return slowest
  }
}

/** New ones for each batch: they block each other, leave, and their access tokens last ten minutes. */
const castOf = async (base: string, others: Bystanders): Promise<Cast> => {
  const [attacker, accomplice] = [await register(base, 'mallory'), await register(base, 'trudy')]
  const group = ulid()
  await accepted(base, attacker, { type: 'StartGroup', conversation: group, name: 'Tea', members: [accomplice.id] })
  return {
    attacker: attacker.id,
    accomplice: accomplice.id,
    bystanders: [others.people[0].id, others.people[1].id],
    theirs: others.conversation,
    group: group as string as ConversationId,
    token: attacker.token,
  }
}

/** A whole request that would send a message, and how many of those are there. */
const canaryOf = async (base: string) => {
  const account = await register(base, 'canary')
  const conversation = ulid()
  await accepted(base, account, { type: 'StartGroup', conversation, name: 'Mine', members: [] })
  const body = JSON.stringify({ id: ulid(), type: 'SendMessage', conversation, body: { text: 'smuggled' } })
  const head = `POST /api/commands HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${account.token}\r\n`
  return {
    request: `${head}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    carriedOut: async (): Promise<number> => {
      const events = await readWhole(base, account.token, conversation as string as ConversationId)
      return events.filter(({ type }) => type === 'MessageSent').length
    },
  }
}
