import { describe, expect, it } from 'vitest'
import { headOf } from './fold.ts'

const lines = (count: number): string => Array.from({ length: count }, (_, i) => `line ${i + 1}`).join('\n')

describe('a long text', () => {
  it('WB101 is folded where it is long, and left alone where that would spare a few lines', () => {
    for (const short of ['', 'word for word', lines(30), 'x'.repeat(2_400)]) expect(headOf(short)).toBeUndefined()
    expect(headOf(lines(31))).toBe(lines(20))
    expect(headOf('x'.repeat(2_401))?.length).toBeLessThanOrEqual(1_600)
  })

  it('WB101 is cut after a word, and never inside of a letter', () => {
    const words = 'every word of it '.repeat(200)
    const head = headOf(words) ?? ''
    expect(words.startsWith(`${head} `)).toBe(true)
    const families = headOf('👨‍👩‍👧'.repeat(400)) ?? ''
    expect(families.replaceAll('👨‍👩‍👧', '')).toBe('')
    expect(families.length).toBeGreaterThan(1_500)
  })
})
