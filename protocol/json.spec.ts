import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseJson } from './json.ts'
import { limits } from './limits.ts'

const nested = (depth: number, open = '[', close = ']') => open.repeat(depth) + close.repeat(depth)
const tooDeep = { ok: false, detail: 'nested deeper than 16 levels' }

describe('JSON', () => {
  it.each(['{"a":[1,"b",null]}', ' 7 ', '"x"', 'null'])('PR15 is read: %s', (text) => {
    expect(parseJson(text)).toEqual({ ok: true, value: JSON.parse(text) })
  })

  it.each(['', '{', '{"a":1,}', 'undefined', '{"a":1}x', '"\u0001"', 'NaN'])('PR15 is not %j', (text) => {
    expect(parseJson(text)).toEqual({ ok: false, detail: 'not JSON' })
  })

  it('PR6 may be nested sixteen levels deep and no deeper', () => {
    expect(parseJson(nested(limits.jsonDepth)).ok).toBe(true)
    expect(parseJson(nested(limits.jsonDepth + 1))).toEqual(tooDeep)
    expect(parseJson(`${'{"a":'.repeat(17)}1${'}'.repeat(17)}`)).toEqual(tooDeep)
  })

  it('PR15 that is deep and never ends is refused before it is built', () => {
    expect(parseJson('['.repeat(5_000_000))).toEqual(tooDeep)
    expect(parseJson('[{"a":'.repeat(500_000))).toEqual(tooDeep)
  })

  it.each([
    JSON.stringify('['.repeat(1_000)),
    JSON.stringify({ text: `"${'{['.repeat(100)}\\` }),
    JSON.stringify(Array.from({ length: 100 }, () => [{}])),
    JSON.stringify({ ['['.repeat(40)]: '\\"[' }),
  ])('PR15 may be wide, and full of brackets in its texts: %s', (text) => {
    expect(parseJson(text)).toEqual({ ok: true, value: JSON.parse(text) })
  })

  it('PR15 is read as the engine reads it, whatever it is', () => {
    const value = fc.jsonValue({ maxDepth: 6 })
    fc.assert(
      fc.property(value, (json) => {
        const text = JSON.stringify(json)
        expect(parseJson(text)).toEqual({ ok: true, value: JSON.parse(text) })
      }),
      { seed: 4 },
    )
  })

  it('PR15 of any depth is refused exactly when it is too deep, brackets in texts aside', () => {
    const text = fc.array(fc.constantFrom('[', ']', '{', '}', '"', '\\', 'a'), { maxLength: 30 })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 24 }), text, (depth, characters) => {
        const inner = JSON.stringify(characters.join(''))
        expect(parseJson(`${'['.repeat(depth)}${inner}${']'.repeat(depth)}`).ok).toBe(depth <= limits.jsonDepth)
      }),
      { seed: 4 },
    )
  })
})
