import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { checkHistory, report } from '../check-history.ts'
import { chanceOf, gather, keepSending, readAll, type Sender } from '../load.ts'
import { get, password, post, refresh, register } from '../person.ts'
import { preloadOf } from '../preload.ts'
import { recorder } from '../recorder.ts'
import { type Server, startServer } from '../server.ts'
import { type JumpingClock, jumpingClock } from './jumping-clock.ts'

const seed = Number(process.env.FAULTS_SEED ?? Date.now() % 1_000_000)
const HOUR = 3_600_000
const DAY = 24 * HOUR
const TEN_YEARS = 3_652 * DAY
/** Ahead of the machine's clock, one after the other. */
const JUMPS = [HOUR, 0, -HOUR, HOUR, 0, TEN_YEARS, 0, -TEN_YEARS, TEN_YEARS, 0]
const { library, run, remove } = preloadOf(new URL('jumping-clock.c', import.meta.url), 'clocks that jump')
afterAll(remove)
const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

describe.runIf(run)(`a wall clock that jumps under load (FAULTS_SEED=${seed})`, () => {
  let server: Server | undefined
  let clock: JumpingClock
  let data: string
  const started = async (): Promise<Server> => {
    data = mkdtempSync(join(tmpdir(), 'verbatim-jumps-'))
    clock = jumpingClock(library)
    server = await startServer({ data, env: clock.env })
    return server
  }
  afterEach(async () => {
    await server?.kill()
    clock.remove()
    rmSync(data, { recursive: true, force: true })
  })

  it('OP118 by an hour or ten years, either way, with restarts in between: nothing is lost, doubled or turned round', async () => {
    const chance = chanceOf(seed)
    const record = recorder()
    const { base, port } = await started()
    const people = await gather(base, ['ada', 'bob', 'cleo', 'dan'], record)
    let going = true
    const load = people.map((person, n) =>
      keepSending(person, { chance: chanceOf(seed + n + 1), window: 16, going: () => going, recorder: record }),
    )
    for (const [n, ahead] of JUMPS.entries()) {
      await wait(200 + chance() * 200)
      clock.set(ahead)
      expect((await fetch(`${base}/health`)).status).toBe(200)
      await wait(chance() * 200)
      if (n % 2 === 1) {
        await server?.kill()
        server = await startServer({ data, port, env: clock.env })
      }
      for (const person of people) await signInAgain(base, person)
      // A server that is years behind refuses ids of now; before and after it the load goes on.
      const acks = record.acks()
      if (ahead !== -TEN_YEARS) await people[0]?.client.until('the load to go on', () => record.acks() > acks + 50)
    }
    going = false
    const acknowledged = (await Promise.all(load)).reduce((sum, each) => sum + each, 0)
    await wait(500)
    await readAll(base, people, record)
    for (const { client } of people) client.close()
    const history = record.history()
    const refused = history.sends.filter(({ answers }) => answers.some(({ kind }) => kind === 'refused'))
    console.log(`${acknowledged} acknowledged of ${history.sends.length} sent, ${refused.length} refused, seed ${seed}`)
    expect(report(checkHistory(history))).toBe('')
    expect(acknowledged + refused.length).toBe(history.sends.length)
    const reasons = refused.flatMap(({ answers }) =>
      answers.map((answer) => answer.kind === 'refused' && answer.reason),
    )
    expect([...new Set(reasons)]).toEqual(['id-ahead'])
  }, 120_000)

  it.each([
    // An hour is a clock set right: people stay signed in.
    ['an hour', HOUR, 200],
    ['ten years', TEN_YEARS, 401],
  ])(
    'OP118 by %s: no token of another time is let in, its session is answered as it should be, and who signs in again is let in',
    async (_, jump, refreshed) => {
      const { base } = await started()
      const ada = await register(base, 'ada')
      const statusOf = async (token: string) => (await get(base, '/api/me', { token })).status
      expect(await statusOf(ada.token)).toBe(200)

      clock.set(jump)
      expect(await statusOf(ada.token)).toBe(401)
      const ahead = await signedIn(base, ada.handle)
      expect(await statusOf(ahead.token)).toBe(200)

      clock.set(0)
      expect(await statusOf(ahead.token)).toBe(401)
      expect((await refresh(base, ahead.cookie)).status).toBe(refreshed)
      const now = await signedIn(base, ada.handle)
      expect(await statusOf(now.token)).toBe(200)
      expect((await refresh(base, now.cookie)).status).toBe(200)

      clock.set(-jump)
      expect(await statusOf(now.token)).toBe(401)
      const behind = await signedIn(base, ada.handle)
      clock.set(0)
      expect(await statusOf(behind.token)).toBe(401)
    },
  )
})

const signedIn = async (base: string, handle: string): Promise<{ token: string; cookie: string }> => {
  const { status, body, cookie } = await post(base, '/api/auth/login', { handle, password })
  if (status !== 200) throw new Error(`signing in was answered ${status}: ${JSON.stringify(body)}`)
  return { token: (body as { accessToken: string }).accessToken, cookie }
}

/** As a tab does whose token has run out, and its person when that is not enough. */
const signInAgain = async (base: string, person: Sender): Promise<void> => {
  const { status, body, cookie } = await refresh(base, person.cookie)
  const fresh =
    status === 200
      ? { token: (body as { accessToken: string }).accessToken, cookie }
      : await signedIn(base, person.handle)
  person.token = fresh.token
  person.cookie = fresh.cookie
}
