import { availableParallelism } from 'node:os'
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

/** Halves run beside each other where there are two processors. */
const halves = (): Wanted[] => {
  const { seeds, from } = wanted
  const first = Math.ceil(seeds / Math.min(2, availableParallelism()))
  return [
    { ...wanted, seeds: first },
    { ...wanted, from: from + first, seeds: seeds - first },
  ]
}

describe('a simulation', () => {
  let all: readonly Ran[]
  let failed: Ran['failed']
  const sum = (of: (ran: Ran) => number): number => all.reduce((total, ran) => total + of(ran), 0)

  beforeAll(async () => {
    all = await running(noMistake, (run) => Promise.all(halves().map(run)))
    failed = all.find((ran) => ran.failed)?.failed
    const figures = (['entries', 'events', 'starts'] as const).map(
      (name) => `${sum(({ totals }) => totals[name])} ${name}`,
    )
    const minutes = Math.round(sum(({ totals }) => totals.lasted) / 60_000)
    console.log(`${sum(({ ran }) => ran)} seeds from ${wanted.from}: ${figures.join(', ')}, ${minutes} minutes`)
    if (failed) console.log(`SIMULATION_SEED=${failed.seed} replays it`)
  }, 600_000)

  /** What is wrong of some kinds, with the seed that replays it. */
  const wrong = (isMeant: (kind: string) => boolean): string[] =>
    (failed?.wrong ?? [])
      .filter((each) => isMeant(each.split(':')[0] ?? ''))
      .map((each) => `SIMULATION_SEED=${failed?.seed} ${each}`)

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
    if (failed) return
    expect(sum(({ ran }) => ran)).toBe(wanted.seeds)
    expect(sum(({ totals }) => totals.starts)).toBeGreaterThanOrEqual(wanted.seeds)
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
        const { ran, failed } = await run({ from: 1, seeds: FOUND_WITHIN, within: 240_000 })
        console.log(`${mistake.name}: seed ${ran}, ${failed?.wrong[0]?.slice(0, 200)}`)
        expect(failed?.wrong.length).toBeGreaterThan(0)
        const again = await run({ from: failed?.seed ?? 0, seeds: 1, within: 60_000 })
        expect(again.failed?.seed).toBe(failed?.seed)
      })
    },
    300_000,
  )
})
