import { afterAll, describe, expect, it } from 'vitest'
import { report } from '../check-history.ts'
import { chanceOf } from '../load.ts'
import { get, register } from '../person.ts'
import { builtWith } from '../planted/built-with.ts'
import { launch, startServer } from '../server.ts'
import { disksHere, failingDisk } from './failing-disk.ts'
import { cutPower } from './power-cut.ts'
import { underPowerCuts } from './under-power-cuts.ts'

const CUTS = Number(process.env.FAULTS_CUTS ?? 50)
const seed = Number(process.env.FAULTS_SEED ?? Date.now() % 1_000_000)
const { library, run, remove } = disksHere()
afterAll(remove)

/** What SQLite does when it is not told otherwise: a commit in the WAL waits for no sync. */
const notSynced = (file: string) => ({
  changes: [{ file, find: "  db.pragma('synchronous = FULL')\n", replace: "  db.pragma('synchronous = NORMAL')\n" }],
})

describe.runIf(run)(`power cuts under load (FAULTS_SEED=${seed})`, () => {
  it(`OP117 ${CUTS} of them lose, double and turn round nothing, and forget no sign-in`, async () => {
    const found = await underPowerCuts({ library, cuts: CUTS, seed })
    const { violations, forgotten, acknowledged, sent, pages, names, behind } = found
    console.log(
      `${CUTS} cuts took ${pages} pages and ${names} names; ${acknowledged} acknowledged of ${sent} sent; models ${found.behind} ms behind, seed ${seed}`,
    )
    // First, for whatever cannot be read is also told as lost.
    expect(behind).toBeLessThan(10_000)
    expect(report(violations)).toBe('')
    expect(forgotten).toEqual([])
    expect(acknowledged).toBe(sent)
    expect(pages).toBeGreaterThan(CUTS)
  }, 240_000)

  it('OP117 one that comes while a folder is made for the first time leaves one that can be started on', async () => {
    const chance = chanceOf(seed)
    for (let round = 0; round < 6; round++) {
      const disk = failingDisk(library, { forgets: true, syncTakes: 2 })
      try {
        const rising = launch({ data: disk.data, env: disk.env })
        await new Promise((resolve) => setTimeout(resolve, 150 + chance() * 500))
        await rising.kill()
        cutPower(disk, round % 2 === 0 ? undefined : chance)
        const server = await startServer({ data: disk.data, env: disk.env })
        const ada = await register(server.base, 'ada')
        expect((await get(server.base, '/api/me', ada)).status).toBe(200)
        await server.kill()
      } finally {
        disk.remove()
      }
    }
  })

  it('OP117 what a failed sync has left out takes nothing with it that was acknowledged later, on either side of a restart', async () => {
    const found = await underPowerCuts({ library, cuts: 6, seed, failSyncs: true })
    expect(found.behind).toBeLessThan(10_000)
    expect(report(found.violations)).toBe('')
    expect(found.acknowledged).toBe(found.sent)
  })

  it('OP117 a log whose commits are not synced is found to have lost some', async () => {
    const { violations } = await builtWith(notSynced('services/event-log/adapters/sqlite-file.ts'), (main) =>
      underPowerCuts({ library, main, cuts: 3, seed, dropModels: true, patience: 2_000 }),
    )
    console.log(`without syncs: ${[...new Set(violations.map(({ kind }) => kind))].join(', ')}`)
    expect(violations.filter(({ kind }) => kind === 'lost')).not.toEqual([])
  })

  it('OP117 sign-ins whose commits are not synced are found to be forgotten', async () => {
    const { forgotten } = await builtWith(notSynced('services/identity/adapters/sqlite.ts'), (main) =>
      underPowerCuts({ library, main, cuts: 3, seed, patience: 2_000 }),
    )
    expect(forgotten).not.toEqual([])
  })
})
