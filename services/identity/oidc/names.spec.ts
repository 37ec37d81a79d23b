import { limits } from '@verbatim/protocol'
import { describe, expect, it } from 'vitest'
import { handleFrom, nameFrom, withEnding } from './names.ts'

describe('names from a provider', () => {
  it.each([
    [{ username: 'ada' }, 'ada'],
    [{ username: 'Ada.Okafor@corp.example' }, 'ada_okafor'],
    [{ username: 'Zoë-Łęcka' }, 'zoe_ecka'],
    [{ username: 'x', name: 'Ada Okafor' }, 'ada_okafor'],
    [{ name: 'Ада' }, 'somebody'],
    [{ username: '', name: '' }, 'somebody'],
    [{}, 'somebody'],
    [{ username: '__proto__' }, 'proto'],
    [{ username: 'a'.repeat(1_000_000) }, 'a'.repeat(32)],
    [{ username: '\u202eadmin\u0000' }, 'admin'],
  ])('ID32 %j is called %s', (profile, handle) => {
    expect(handleFrom(profile)).toBe(handle)
    expect(handle).toMatch(limits.handlePattern)
  })
  it('ID32 an ending keeps the handle within its length', () => {
    expect(withEnding('ada', 'x7k2')).toBe('ada_x7k2')
    expect(withEnding('a'.repeat(32), 'x7k2')).toBe(`${'a'.repeat(27)}_x7k2`)
  })
  it.each([
    [{ name: ' Ada Okafor ' }, 'Ada Okafor'],
    [{ name: 'Ada\u202e', username: 'ada.o@corp.example' }, 'ada.o'],
    [{ name: '\u0000', username: '\n' }, 'handle'],
    [{}, 'handle'],
    [{ name: `${'a'.repeat(63)}😀😀` }, `${'a'.repeat(63)}😀`],
    [{ name: `a${'\u0301'.repeat(40)}` }, 'handle'],
    [{ name: 'a'.repeat(1_000_000) }, 'a'.repeat(64)],
  ])('ID32 the name of %j is %s', (profile, name) => {
    expect(nameFrom(profile, 'handle')).toBe(name)
  })
})
