import { signInFaults } from '@verbatim/protocol/sign-in-faults'
import { describe, expect, it } from 'vitest'
import { readReturn } from './returned.ts'

const at = (rest: string) => readReturn(new URL(`https://chat.example${rest}`))

describe('coming back from a provider', () => {
  it('WB110 each reason has a sentence of its own, and the address loses it', () => {
    const told = Object.keys(signInFaults).map((fault) => at(`/?error=${fault}#c=x`))
    expect(new Set(told.map(({ notice }) => notice)).size).toBe(Object.keys(signInFaults).length)
    for (const { notice, rest } of told) {
      expect(notice).toMatch(/^[A-Z].*\.$/)
      expect(rest).toBe('/#c=x')
    }
  })
  it('WB110 words that somebody else put into the address are not shown', () => {
    for (const words of ['Call%20me', '__proto__', 'constructor', '', '<b>'])
      expect(at(`/?error=${words}`)).toEqual({ notice: 'That did not work.', rest: '/' })
  })
  it('WB110 a link leads back to the settings, and an address of nothing tells nothing', () => {
    expect(at('/?linked=corp')).toEqual({ notice: expect.stringContaining('Linked'), rest: '/#panel=settings' })
    expect(at('/?other=1#panel=people')).toEqual({ notice: '', rest: '/?other=1#panel=people' })
  })
})
