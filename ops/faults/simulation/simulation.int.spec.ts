import { beforeAll, describe, expect, it } from 'vitest'
import type { Ran, Wanted } from './main.ts'
import { type Mistake, mistakes } from './mistakes.ts'
import { noMistake, running } from './run.ts'

/** SIMULATION_SEED=n replays one seed aloud; with SIMULATION_SEEDS=m so many from there on, quietly. */
const { SIMULATION_SEED: chosen, SIMULATION_SEEDS: many } = process.env
const wanted: Wanted = {
  from: Number(chosen ?? 1),
  seeds: Number(many ?? (chosen === undefined ? 2_000 : 1)),
  within: 560_000,
  aloud: chosen !== undefined && many === undefined,
}
/** Each planted mistake is found within so many. */
const FOUND_WITHIN = 500

describe('a simulation', () => {
  let ran: Ran
  beforeAll(async () => {
    ran = await running(noMistake, (run) => run(wanted))
    const { entries, events, starts, lasted } = ran.totals
    console.log(
      `${ran.ran} seeds from ${wanted.from}: ${entries} entries, ${events} events, ${starts} starts, ${Math.round(lasted / 60_000)} minutes`,
    )
    if (ran.failed) console.log(`SIMULATION_SEED=${ran.failed.seed} replays it`)
  }, 600_000)

  /** What is wrong of some kinds, with the seed that replays it. */
  const wrong = (isMeant: (kind: string) => boolean): string[] =>
    (ran.failed?.wrong ?? [])
      .filter((each) => isMeant(each.split(':')[0] ?? ''))
      .map((each) => `SIMULATION_SEED=${ran.failed?.seed} ${each}`)

  it('OP130 ends with every promise kept and every screen as the server’s page', () => {
    expect(wrong((kind) => kind !== 'model' && kind !== 'leak')).toEqual([])
  })
  it('OP131 ends with the model that the log makes from zero', () => {
    expect(wrong((kind) => kind === 'model')).toEqual([])
  })
  it('OP132 sends nobody what is of a time when he was no member', () => {
    expect(wrong((kind) => kind === 'leak')).toEqual([])
  })
  it('OP133 has run every seed, on servers that died and started again', () => {
    if (ran.failed) return
    expect(ran.ran).toBe(wanted.seeds)
    expect(ran.totals.starts).toBeGreaterThanOrEqual(wanted.seeds)
  })
  it('OP134 takes the same course for the same seed', async () => {
    const hashes = await running(noMistake, async (run) => [
      await run({ from: 3, seeds: 12, within: 60_000 }),
      await run({ from: 14, seeds: 1, within: 60_000 }),
    ])
    const [twelve, last] = hashes
    expect(twelve?.last).toMatch(/^[0-9a-f]{64}$/)
    expect(last?.last).toBe(twelve?.last)
  }, 60_000)
})

describe.runIf(chosen === undefined)('a planted mistake', () => {
  it.each(mistakes)(
    `OP135 is found within ${FOUND_WITHIN} seeds: $name`,
    async (mistake: Mistake) => {
      await running(mistake, async (run) => {
        const { ran, failed } = await run({ from: 1, seeds: FOUND_WITHIN, within: 80_000 })
        console.log(`${mistake.name}: seed ${ran}, ${failed?.wrong[0]?.slice(0, 200)}`)
        expect(failed?.wrong.length).toBeGreaterThan(0)
        const again = await run({ from: failed?.seed ?? 0, seeds: 1, within: 60_000 })
        expect(again.failed).toEqual(failed)
      })
    },
    120_000,
  )
})
