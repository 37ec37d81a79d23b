import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { checkHistory, report } from './check-history.ts'
import { chanceOf, gather, keepSending, readAll } from './load.ts'
import { recorder } from './recorder.ts'
import { launch, type Server, startServer } from './server.ts'

const seed = Number(process.env.FAULTS_SEED ?? Date.now() % 1_000_000)
const PAUSES = 3
const data = mkdtempSync(join(tmpdir(), 'verbatim-pause-'))
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
let server: Server | undefined
afterAll(async () => {
  await server?.kill()
  rmSync(data, { recursive: true, force: true })
})

it(`OP113 ${PAUSES} pauses under load lose nothing, while clients lose patience and send again, and a second server is refused (FAULTS_SEED=${seed})`, async () => {
  const chance = chanceOf(seed)
  const record = recorder()
  server = await startServer({ data })
  const { base, port } = server
  const people = await gather(base, ['ada', 'bob', 'cleo', 'dan'], record)
  let going = true
  const load = people.map((person, n) =>
    keepSending(person, { chance: chanceOf(seed + n + 1), window: 32, going: () => going, recorder: record }),
  )
  for (let pause = 0; pause < PAUSES; pause++) {
    await wait(500 + chance() * 500)
    server.pause()
    await wait(1_000)
    // Two of them give up their sockets: what they sent is still in the queue of the one that stands still.
    for (const { client } of people.slice(0, 2)) client.drop()
    const second = launch({ data })
    const outcome = await Promise.race([second.exited, second.listening])
    await second.kill()
    expect(outcome).toEqual({ code: 1, signal: null })
    expect(second.errors()).toContain('another Verbatim process')
    await wait(2_500)
    server.goOn()
  }
  // A second one that begins at the moment in which the first dies gets the folder or is refused, and spoils nothing.
  await wait(300)
  const third = launch({ data, port })
  await wait(chance() * 300)
  await server.kill()
  await Promise.race([third.exited, third.listening])
  await third.kill()
  server = await startServer({ data, port })
  await wait(500)
  going = false
  const acknowledged = (await Promise.all(load)).reduce((sum, each) => sum + each, 0)
  await wait(500)

  await readAll(base, people, record)
  for (const { client } of people) client.close()
  const history = record.history()
  console.log(`${acknowledged} acknowledged of ${history.sends.length} sent, seed ${seed}`)
  expect(report(checkHistory(history))).toBe('')
  expect(acknowledged).toBe(history.sends.length)
}, 60_000)
