import { describe, expect, it } from 'vitest'
import { faultIn, faultOf } from './fault.ts'

const right = { name: 'Ada Okafor', handle: 'ada', password: 'correct horse' }

describe('a form that cannot be taken', () => {
  it('WB102 is told at the field that is wrong, the first one first', () => {
    expect(faultIn(right)).toBeUndefined()
    expect(faultIn({ ...right, handle: ' Ada ' })).toBeUndefined()
    expect(faultIn({ name: ' ', handle: 'a', password: 'x' })?.field).toBe('name')
    for (const handle of ['', 'ab', 'ada lovelace', 'ada!', 'x'.repeat(33)])
      expect(faultIn({ ...right, handle })?.field).toBe('handle')
    expect(faultIn({ ...right, password: 'nine char' })?.field).toBe('password')
    // Counted as the server counts: in bytes.
    expect(faultIn({ ...right, password: 'ééééé' })).toBeUndefined()
  })

  it('WB102 is told at the field that the server refused, or at none', () => {
    expect(faultOf('handle-taken').field).toBe('handle')
    expect(faultOf('wrong-credentials').field).toBe('password')
    for (const reason of ['unreachable', 'too-fast', 'unavailable'] as const)
      expect(faultOf(reason)).toEqual({ words: expect.stringMatching(/\w\.$/) })
  })
})
