import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ConversationId, limits } from '@verbatim/protocol'
import { afterAll, expect, it } from 'vitest'
import { accepted } from '../load.ts'
import { register, ulid } from '../person.ts'
import { type Server, startServer } from '../server.ts'
import { type SignedIn, signedIn } from './signed-in.ts'

const folder = mkdtempSync(join(tmpdir(), 'verbatim-flood-'))
let server: Server | undefined
afterAll(async () => {
  await server?.kill()
  rmSync(folder, { recursive: true, force: true })
})

/** Milliseconds of each phase; without and with a flood take turns, so that a slow moment of the machine falls on both. */
const PHASE = 2_000
const PHASES = 4
/** Milliseconds between two messages of each of the others: below the limit. */
const PACE = 1_000 / (limits.sendPerSecond - 1)
/** A flood is ten times what an account may. */
const FLOOD_EACH = 1_000 / (limits.sendPerSecond * 10)

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
type Talker = { readonly socket: SignedIn; readonly conversation: ConversationId }

/** Milliseconds that each acknowledgement took. */
const talked = async ({ socket, conversation }: Talker, until: number): Promise<number[]> => {
  const took: number[] = []
  while (performance.now() < until) {
    const sent = performance.now()
    const { type } = await socket.text(conversation, 'as on any other day')
    expect(type).toBe('ack')
    took.push(performance.now() - sent)
    await wait(Math.max(0, PACE - (performance.now() - sent)))
  }
  return took
}

/** @returns how many were acknowledged, and how many refused with when to try again */
const flooded = async ({ socket, conversation }: Talker, until: number): Promise<{ acks: number; refused: number }> => {
  const answers: Promise<{ type: string; retryAfter?: number }>[] = []
  for (const from = performance.now(); performance.now() < until; await wait(FLOOD_EACH))
    // All that are due by now: a slow machine gets its flood too.
    while (answers.length * FLOOD_EACH < performance.now() - from)
      answers.push(socket.text(conversation, 'flood '.repeat(100)))
  const all = await Promise.all(answers)
  const refused = all.filter(({ type }) => type === 'refused')
  for (const { retryAfter } of refused) expect(retryAfter).toBeGreaterThanOrEqual(1)
  return { acks: all.length - refused.length, refused: refused.length }
}

it('OP124 one account that sends ten times what it may gets what it may, and costs the others next to nothing', async () => {
  server = await startServer({ data: folder, env: { LIMITS: 'on' } })
  const { base, port } = server
  const people = []
  for (const name of ['ada', 'bob', 'cleo', 'dan', 'eve', 'fay', 'mallory']) people.push(await register(base, name))
  const [mallory] = people.splice(-1)
  if (!mallory) throw new Error('there is nobody to flood')
  const all = people.map(({ id }) => id)
  const group = await accepted(base, mallory, {
    type: 'StartGroup',
    conversation: ulid(),
    name: 'All',
    members: all,
  })
  const others: Talker[] = []
  for (const [n, person] of people.entries()) {
    const { conversation } = await accepted(base, person, { type: 'OpenDirect', user: all[n ^ 1] })
    others.push({ socket: await signedIn(port, person), conversation })
  }
  const flood: Talker = { socket: await signedIn(port, mallory), conversation: group.conversation }

  const took = { quiet: [] as number[], flooded: [] as number[] }
  let [acks, refused, seconds] = [0, 0, 0]
  for (let phase = 0; phase < PHASES; phase++) {
    const kind = phase % 2 === 0 ? 'quiet' : 'flooded'
    const from = performance.now()
    const until = from + PHASE
    const flooding = kind === 'flooded' ? flooded(flood, until) : undefined
    took[kind].push(...(await Promise.all(others.map((other) => talked(other, until)))).flat())
    const done = await flooding
    acks += done?.acks ?? 0
    refused += done?.refused ?? 0
    if (phase > 0) seconds += (performance.now() - from) / 1_000
  }
  const [quiet, busy] = [took.quiet, took.flooded].map((each) => each.toSorted((a, b) => a - b))
  const at = (sorted: number[] | undefined, share: number) => sorted?.[Math.floor(sorted.length * share)] ?? Number.NaN
  const told = [quiet, busy].map((each) => `p50 ${at(each, 0.5).toFixed(1)} ms, p99 ${at(each, 0.99).toFixed(1)} ms`)
  console.log(`others without: ${told[0]}; with: ${told[1]}; the flood: ${acks} acknowledged, ${refused} refused`)
  expect(acks).toBeLessThanOrEqual((limits.sendBurst + limits.sendPerSecond * seconds) * 1.05 + 1)
  expect(refused).toBeGreaterThan(acks)
  expect(at(busy, 0.5)).toBeLessThan(at(quiet, 0.5) * 3 + 50)
  expect(at(busy, 0.99)).toBeLessThan(at(quiet, 0.99) * 3 + 1_000)
}, 60_000)
