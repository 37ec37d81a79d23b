import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { checkHistory, report } from './check-history.ts'
import { chanceOf, gather, keepSending, readAll } from './load.ts'
import { recorder } from './recorder.ts'
import { launch, type Server, startServer } from './server.ts'

const KILLS = Number(process.env.FAULTS_KILLS ?? 30)
const ACKS = Number(process.env.FAULTS_ACKS ?? 100_000)
const seed = Number(process.env.FAULTS_SEED ?? Date.now() % 1_000_000)
const data = mkdtempSync(join(tmpdir(), 'verbatim-kill-'))
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describe(`kill -9 under load (FAULTS_SEED=${seed})`, () => {
  let server: Server | undefined
  afterAll(async () => {
    await server?.kill()
    rmSync(data, { recursive: true, force: true })
  })

  it(`OP12 ${KILLS} kills at random moments lose, double and turn round nothing`, async () => {
    const chance = chanceOf(seed)
    const record = recorder()
    server = await startServer({ data })
    const { base, port } = server
    const people = await gather(base, ['ada', 'bob', 'cleo', 'dan', 'eve', 'finn'], record)

    let going = true
    const load = people.map((person, n) =>
      keepSending(person, { chance: chanceOf(seed + n + 1), window: 48, going: () => going, recorder: record }),
    )
    for (let kill = 0; kill < KILLS; kill++) {
      await wait(200 + chance() * 1_600)
      await server.kill()
      // Every sixth time it dies again on its way up, while it recovers.
      if (kill % 6 === 5) {
        const rising = launch({ data, port })
        await wait(chance() * 600)
        await rising.kill()
      }
      server = await startServer({ data, port })
    }
    for (const end = performance.now() + 180_000; record.acks() < ACKS && performance.now() < end; ) await wait(100)
    await wait(500)
    going = false
    const acknowledged = (await Promise.all(load)).reduce((sum, each) => sum + each, 0)

    await readAll(base, people, record)
    const history = record.history()
    const heads = new Map(history.readings.map(({ conversation, events }) => [conversation, events.length - 1]))
    const arrivals = await Promise.allSettled(
      people.flatMap(({ client, conversations }) =>
        conversations.map((conversation) =>
          client.until(`the end of ${conversation}`, () => client.seen.get(conversation) === heads.get(conversation)),
        ),
      ),
    )
    for (const { client } of people) client.close()

    console.log(`${KILLS} kills, ${acknowledged} acknowledged, ${history.sends.length} sent, seed ${seed}`)
    expect(report(checkHistory(history))).toBe('')
    expect(arrivals.filter(({ status }) => status === 'rejected')).toEqual([])
    expect(acknowledged).toBe(history.sends.length)
    expect(acknowledged).toBeGreaterThan(ACKS * 0.9)
  }, 360_000)
})
