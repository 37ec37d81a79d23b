import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkHistory } from '../check-history.ts'
import type { Violation } from '../history.ts'
import { chanceOf, gather, keepSending, readAll } from '../load.ts'
import { recorder } from '../recorder.ts'
import { type Server, startServer } from '../server.ts'

/** A few kills under load: long enough for a planted mistake to show, and short enough to be run for each. */
export const violationsUnderKills = async (given: {
  readonly main?: string
  readonly kills: number
  readonly seed: number
}): Promise<{ violations: readonly Violation[]; acknowledged: number }> => {
  const { main, kills, seed } = given
  const data = mkdtempSync(join(tmpdir(), 'verbatim-planted-'))
  const chance = chanceOf(seed)
  const record = recorder()
  let server: Server | undefined
  try {
    server = await startServer({ data, main })
    const { base, port } = server
    const people = await gather(base, ['ada', 'bob', 'cleo', 'dan'], record)
    // What was made for them is on disk before the first kill, whatever is wrong with the commits.
    await wait(300)
    let going = true
    const load = people.map((person, n) =>
      keepSending(person, { chance: chanceOf(seed + n + 1), window: 32, going: () => going, recorder: record }),
    )
    for (let kill = 0; kill < kills; kill++) {
      // One of them is away for long enough to miss what the others say.
      await wait(200)
      people[kill % people.length]?.client.drop(400)
      await wait(600 + chance() * 400)
      await server.kill()
      server = await startServer({ data, port, main })
    }
    await wait(500)
    going = false
    // A mistake may leave somebody without an answer for ever.
    const answered = await Promise.race([Promise.all(load), wait(5_000).then(() => [0])])
    await wait(500)
    for (const { client } of people) client.close()
    await readAll(base, people, record)
    return { violations: checkHistory(record.history()), acknowledged: answered.reduce((sum, each) => sum + each, 0) }
  } finally {
    await server?.kill()
    rmSync(data, { recursive: true, force: true })
  }
}

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
