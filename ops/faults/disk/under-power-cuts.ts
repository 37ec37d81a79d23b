import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { checkHistory } from '../check-history.ts'
import type { Violation } from '../history.ts'
import { chanceOf, gather, keepSending, readAll } from '../load.ts'
import { type Account, type Answered, get, post, refresh, register } from '../person.ts'
import { recorder } from '../recorder.ts'
import { type Server, startServer } from '../server.ts'
import { type FailingDisk, failingDisk, SYNC } from './failing-disk.ts'
import { cutPower, writeBack } from './power-cut.ts'
import { untilRead } from './until-read.ts'

export type Found = {
  readonly violations: readonly Violation[]
  /** Sign-ins that were answered and are not so any more, each in words. */
  readonly forgotten: readonly string[]
  readonly acknowledged: number
  readonly sent: number
  /** Milliseconds until everything that was acknowledged could be read; infinite when it could not in time. */
  readonly behind: number
  /** Pages and names that the cuts took. */
  readonly pages: number
  readonly names: number
}

/**
 * Power cuts under load: clients send and somebody signs in and out, the process is killed, what was not synced is taken
 * from its folder, wholly each third time and else in part, and it is started again.
 * @param given.failSyncs before each cut a sync of the log fails, and the process dies of something else right after it
 */
export const underPowerCuts = async (given: {
  readonly library: string | undefined
  readonly main?: string
  readonly cuts: number
  readonly seed: number
  readonly failSyncs?: boolean
  /** The models are removed with each cut: one that remembers more than the log would stop the start. */
  readonly dropModels?: boolean
  /** Milliseconds after which what was not answered or cannot be read is given up. */
  readonly patience?: number
}): Promise<Found> => {
  const { library, main, cuts, seed, failSyncs = false, dropModels = false, patience = 10_000 } = given
  const disk = failingDisk(library, { forgets: true, syncTakes: 1 })
  const chance = chanceOf(seed)
  const record = recorder()
  const start = (port?: number) =>
    startServer({ data: disk.data, env: disk.env, main, ...(port !== undefined && { port }) })
  const lost = { pages: 0, names: 0 }
  const forgotten: string[] = []
  let server: Server | undefined
  try {
    server = await start()
    const { base, port } = server
    const people = await gather(base, ['ada', 'bob', 'cleo', 'dan'], record)
    // What was made for them is on disk before the first cut, whatever is wrong with the commits.
    await wait(300)
    writeBack(disk)
    let going = true
    const load = people.map((person, n) =>
      keepSending(person, { chance: chanceOf(seed + n + 1), window: 24, going: () => going, recorder: record }),
    )
    let guest: Guest | undefined
    for (let cut = 0; cut < cuts; cut++) {
      await wait(chance() * 250)
      if (failSyncs) {
        await failOneSync(disk, chance)
        // A process dies and the kernel does not: it shows what it could not write as if it were on the disk.
        await server.kill()
        server = await start(port)
        await wait(chance() * 150)
      }
      guest = await nextGuest(base, guest)
      await wait(chance() * 15)
      await server.kill()
      const { pages, names } = cutPower(disk, cut % 3 === 0 ? undefined : chance)
      lost.pages += pages
      lost.names += names
      if (dropModels) removeModels(disk.data)
      server = await start(port)
      const gone = await forgottenOf(base, guest, patience)
      forgotten.push(...gone.map((what) => `cut ${cut}: ${what}`))
      if (gone.length > 0) guest = undefined
    }
    await wait(300)
    going = false
    // What was lost may leave somebody without an answer for ever.
    const answers = await Promise.race([Promise.all(load), wait(patience).then(() => [0])])
    const behind = await untilRead(record.history(), { base, people, patience })
    for (const { client } of people) client.close()
    await readAll(base, people, record)
    const history = record.history()
    const acknowledged = answers.reduce((sum, each) => sum + each, 0)
    return { violations: checkHistory(history), forgotten, acknowledged, sent: history.sends.length, behind, ...lost }
  } finally {
    await server?.kill()
    disk.remove()
  }
}

/** Somebody who was just signed in, and somebody who was just signed out. */
type Guest = { readonly came: Account; readonly went: Account | undefined }

const nextGuest = async (base: string, before: Guest | undefined): Promise<Guest> => {
  const went = before?.came
  if (went) {
    const out = await post(base, '/api/auth/logout', undefined, { cookie: went.cookie, origin: base })
    if (out.status !== 204) throw new Error(`signing out was answered ${out.status}: ${JSON.stringify(out.body)}`)
  }
  return { came: await register(base, 'guest'), went }
}

const forgottenOf = async (base: string, { came, went }: Guest, patience: number): Promise<string[]> => {
  const me = await answered(() => get(base, '/api/me', came), patience)
  const again = await answered(() => refresh(base, came.cookie), patience)
  const out = went && (await answered(() => refresh(base, went.cookie), patience))
  return [
    ...(me.status === 200 ? [] : [`the account that was made is answered ${me.status}`]),
    ...(again.status === 200 ? [] : [`the session that was begun is answered ${again.status}`]),
    ...(out === undefined || out.status === 401 ? [] : [`the session that was ended is answered ${out.status}`]),
  ]
}

/** Not yet is no answer: models that lost their end have to read it again. */
const answered = async (ask: () => Promise<Answered>, patience: number): Promise<Answered> => {
  for (const end = performance.now() + patience; ; await wait(50)) {
    const answer = await ask()
    if (answer.status !== 503 || performance.now() > end) return answer
  }
}

const removeModels = (data: string): void => {
  for (const name of readdirSync(data)) if (/_v\d+\.db/.test(name)) rmSync(join(data, name))
}

const failOneSync = async (disk: FailingDisk, chance: () => number): Promise<void> => {
  disk.fail({ kinds: SYNC, error: 'EIO', files: 'log.db*', after: Math.floor(chance() * 8) })
  for (const end = performance.now() + 2_000; disk.told().failed === 0 && performance.now() < end; ) await wait(2)
}

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
