import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { distance } from './typos.ts'
import { wordsNear } from './words-near.ts'

describe('the distance of a word from what was typed', () => {
  it.each([
    ['maria', 'maria', 0],
    ['mraia', 'maria', 1],
    ['mria', 'maria', 1],
    ['marria', 'maria', 1],
    ['mario', 'maria', 1],
    ['amria', 'maria', 1],
    ['ca', 'abc', 3],
    ['太朗', '太郎', 1],
    ['', 'abc', 3],
    ['abc', '', 3],
  ])('PS3 from %j to %j it is %i', (typed, word, typos) => {
    expect(distance(typed, word).whole).toBe(typos)
  })

  it('PS3 a word that was not typed to its end is measured by its nearest beginning', () => {
    expect(distance('alexnad', 'alexander')).toEqual({ whole: 3, beginning: 1 })
  })

  it('PS3 it is the same as by the definition, for any two words', () => {
    fc.assert(
      fc.property(word, word, (typed, other) => {
        expect(distance(typed, other).whole).toBe(byDefinition([...typed], [...other]))
      }),
      { seed: 43, numRuns: 500 },
    )
  })
})

describe('the words near to what was typed', () => {
  it('PS3 are exactly those within the typos allowed, however the vocabulary lies', () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 60 }), word, (vocabulary, typed) => {
        const words = [...new Set(vocabulary)].sort(byCodePoints)
        const found = wordsNear(typed, (from) => words.find((each) => byCodePoints(each, from) >= 0), 100_000)
        const allowed = words.filter((each) => isAllowed(typed, each))
        expect(found.map(({ word }) => word).sort(byCodePoints)).toEqual(allowed)
      }),
      { seed: 44, numRuns: 1_500 },
    )
  })

  it('PS3 are told nearest first', () => {
    const words = ['alexandar', 'alexander', 'alexandre']
    const found = wordsNear('alexander', (from) => words.find((each) => each >= from), 1_000)
    expect(found).toEqual([
      { word: 'alexander', distance: 0 },
      { word: 'alexandar', distance: 1 },
      { word: 'alexandre', distance: 1 },
    ])
  })

  it('PS5 are looked for no further than allowed', () => {
    let lookups = 0
    const endless = (from: string) => {
      lookups++
      return `${from}a`
    }
    wordsNear('maria', endless, 50)
    expect(lookups).toBe(50)
  })
})

/** Few letters, so that near ones are met; one of them lies beyond the surrogates, one just before. */
const word = fc
  .array(fc.constantFrom('a', 'b', 'c', '\ud7ff', '\u{1f9c9}'), { minLength: 1, maxLength: 9 })
  .map((letters) => letters.join(''))

const byCodePoints = (one: string, other: string): number => Buffer.compare(Buffer.from(one), Buffer.from(other))

const isAllowed = (typed: string, word: string): boolean => {
  const letters = [...typed]
  const { whole, beginning } = distance(typed, word)
  if (letters.length < 3) return beginning === 0
  if (letters.length < 5) return whole <= 1
  if (letters.length < 8) return beginning <= 1
  return beginning <= 1 || (beginning === 2 && word.startsWith(letters[0] ?? ''))
}

const byDefinition = (a: readonly string[], b: readonly string[]): number => {
  if (a.length === 0 || b.length === 0) return a.length + b.length
  const [shortA, shortB] = [a.slice(0, -1), b.slice(0, -1)]
  const swapped = a.length > 1 && b.length > 1 && a.at(-1) === b.at(-2) && a.at(-2) === b.at(-1)
  if (a.at(-1) === b.at(-1)) return byDefinition(shortA, shortB)
  return (
    1 +
    Math.min(
      byDefinition(shortA, b),
      byDefinition(a, shortB),
      byDefinition(shortA, shortB),
      swapped ? byDefinition(a.slice(0, -2), b.slice(0, -2)) : Number.POSITIVE_INFINITY,
    )
  )
}
