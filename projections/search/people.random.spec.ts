import { type Ulid, ulids } from '@verbatim/protocol'
import { idAt } from '@verbatim/protocol/examples'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accounts, index } from './people.examples.ts'

describe('over random histories', () => {
  it('PS7 a rebuilt index equals the live one, in batches of any size and with every delivery doubled', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), async (steps) => {
        const { history, registers, changes } = accounts()
        const known = new Set<number>()
        for (const { who, name } of steps) {
          if (known.has(who)) changes(idAt(who), { name })
          else registers(idAt(who), name && `handle_${who}`, name)
          known.add(who)
        }
        const [live, doubled, rebuilt] = [index(), index(), index()]
        for (const event of history) await live.take([event])
        for (let from = 0; from < history.length; from += 7) {
          await doubled.take(history.slice(from, from + 7))
          await doubled.take(history.slice(Math.max(0, from - 3), from + 7))
        }
        await rebuilt.take(history)
        const lines = await live.lines()
        expect(await doubled.lines()).toEqual(lines)
        expect(await rebuilt.lines()).toEqual(lines)
      }),
      { seed: 48, numRuns: 15 },
    )
  })
})

const step = fc.record({
  who: fc.integer({ min: 1, max: 6 }),
  name: fc.oneof(
    fc.constantFrom(null, 'Ada Lovelace', '山田太郎', 'Zoë'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }),
  ),
})

describe('among 20,000 people', () => {
  it('PS5 everybody is found by a name with a typo in it, and each search takes some milliseconds', async () => {
    const { history, registers } = accounts()
    const chance = random(49)
    const pick = <T>(from: readonly T[]): T => from[Math.floor(chance() * from.length)] as T
    const firsts = Array.from({ length: 600 }, () => nameOf(pick, 2))
    const lasts = Array.from({ length: 4_000 }, () => nameOf(pick, 3))
    const mint = ulids(
      () => 1_700_000_000_000,
      (into) => into.fill(7),
    )
    const cast = Array.from({ length: 20_000 }, (_, n): { user: Ulid; name: string } => {
      const [first, last] = [pick(firsts), pick(lasts)]
      const user = mint()
      registers(user, `${first}_${n}`.slice(0, 32), `${first} ${last} ${nameOf(pick, 2)}`)
      return { user, name: `${first} ${last}` }
    })
    const filled = index()
    for (let from = 0; from < history.length; from += 1_000) await filled.take(history.slice(from, from + 1_000))
    const { find } = await filled.search()

    const times: number[] = []
    for (let n = 0; n < 200; n++) {
      const { user, name } = pick(cast)
      const at = name.indexOf(' ') + 1 + Math.floor(chance() * 4)
      const swapped = name.slice(0, at) + name.charAt(at + 1) + name.charAt(at) + name.slice(at + 2)
      const since = performance.now()
      const { value } = await find(swapped, 20)
      times.push(performance.now() - since)
      expect(value, swapped).toContain(user)
    }
    times.sort((a, b) => a - b)
    expect(times[100]).toBeLessThan(20)
  })
})

const SYLLABLES = [
  'ma',
  'ri',
  'jo',
  'han',
  'pe',
  'ter',
  'lu',
  'cas',
  'so',
  'phi',
  'lex',
  'an',
  'der',
  'be',
  'ka',
  'ro',
  'li',
  'na',
]
const nameOf = (pick: (from: readonly string[]) => string, syllables: number): string =>
  Array.from({ length: syllables }, () => pick(SYLLABLES)).join('')

/** Numerical Recipes' linear congruence: the same cast on every machine. */
const random = (seed: number) => () => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
  return seed / 2 ** 32
}
