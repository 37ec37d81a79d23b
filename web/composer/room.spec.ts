import { limits } from '@verbatim/protocol/limits'
import { describe, expect, it } from 'vitest'
import { roomAfter, sayRoom } from './room.ts'

describe('the room for a text', () => {
  it('WB100 is counted as the server counts: in code points, without the blanks around', () => {
    expect(roomAfter('')).toBe(limits.textCodePoints)
    expect(roomAfter(' a\n')).toBe(limits.textCodePoints - 1)
    expect(roomAfter('😀'.repeat(limits.textCodePoints))).toBe(0)
    expect(roomAfter(`${'😀'.repeat(limits.textCodePoints)}é`)).toBe(-1)
    expect(roomAfter('👨‍👩‍👧')).toBe(limits.textCodePoints - [...'👨‍👩‍👧'].length)
  })

  it('WB100 is told when little is left, and by how much a text is too long', () => {
    expect(sayRoom(limits.textCodePoints)).toBe('')
    expect(sayRoom(501)).toBe('')
    expect(sayRoom(500)).toBe('500 characters left')
    expect(sayRoom(1)).toBe('1 character left')
    expect(sayRoom(0)).toBe('0 characters left')
    expect(sayRoom(-1)).toBe('1 character too many. Send it in parts: nothing is cut off.')
    expect(sayRoom(-1_000)).toMatch(/^1,000 characters too many/)
  })
})
