import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { report } from '../check-history.ts'
import { builtWith } from './built-with.ts'
import { violationsUnderKills } from './killing.ts'
import { filesWithMistake, plantedMistakes, withMistake } from './mistakes.ts'
import { type Verdicts, verdictsIn } from './reporter.ts'

const seed = Number(process.env.FAULTS_SEED ?? Date.now() % 1_000_000)
const KILLS = 3
/** What only some moments show is looked for in so many runs, each of its own seed. */
const RUNS = 3
const root = fileURLToPath(new URL('../../..', import.meta.url))
const unit = plantedMistakes.filter(({ foundBy }) => 'spec' in foundBy)
const byHistory = plantedMistakes.filter(({ foundBy }) => 'history' in foundBy)

describe('a planted mistake', () => {
  it('OP114 has to match its place exactly once', () => {
    const [planted] = plantedMistakes
    const [change] = planted?.changes ?? []
    if (!planted || !change) throw new Error('there is no mistake')
    expect(() => withMistake(planted, change.file, 'something else')).toThrow('0 times')
    expect(() => withMistake(planted, change.file, change.find + change.find)).toThrow('2 times')
    for (const one of plantedMistakes) expect(filesWithMistake(one).size).toBeGreaterThan(0)
  })
})

describe('the specs', () => {
  let verdicts: Verdicts
  beforeAll(async () => {
    verdicts = await new Promise((resolve) => {
      const runner = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--config']
      const config = 'ops/faults/planted/vitest.config.ts'
      // Within another runner, of which it must not take itself for a worker.
      const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST')))
      execFile(process.execPath, [...runner, config], { cwd: root, env, maxBuffer: 1e8 }, (_, out, err) =>
        resolve(verdictsIn(`${out}\n${err}`)),
      )
    })
  }, 240_000)

  it('OP114 find nothing where nothing is planted', () => {
    expect(verdicts.none).toMatchObject({ failed: [], errors: [] })
    expect(verdicts.none?.passed).toBeGreaterThan(100)
  })
  it.each(unit)('OP114 find: $name', ({ name, foundBy }) => {
    const rule = 'rule' in foundBy ? foundBy.rule : ''
    expect(verdicts[name]?.errors).toEqual([])
    expect(verdicts[name]?.failed.filter((title) => title.startsWith(`${rule} `))).not.toEqual([])
  })
})

describe(`the checker of histories (FAULTS_SEED=${seed})`, () => {
  it('OP114 finds nothing where nothing is planted', async () => {
    const { violations, acknowledged } = await violationsUnderKills({ kills: KILLS, seed })
    expect(report(violations)).toBe('')
    expect(acknowledged).toBeGreaterThan(300)
  })
  it.each(byHistory)(
    'OP114 finds: $name',
    async (planted) => {
      const kinds = 'history' in planted.foundBy ? planted.foundBy.history : []
      const found = await builtWith(planted, async (main) => {
        for (let run = 0; run < RUNS; run++) {
          const { violations } = await violationsUnderKills({ main, kills: KILLS, seed: seed + run })
          const told = violations.filter(({ kind }) => kinds.includes(kind))
          console.log(
            `${planted.name}: ${told.length} of ${[...new Set(violations.map(({ kind }) => kind))].join(', ')}`,
          )
          if (told.length > 0) return told
        }
        return []
      })
      expect(found).not.toEqual([])
    },
    60_000,
  )
})
