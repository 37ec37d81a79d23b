import { describe, expect, it } from 'vitest'
import { fold, indexWords, wordsOf } from './fold.ts'

describe('texts as they are compared', () => {
  it.each([
    ['Zoë', 'zoe'],
    ['ŁUKASZ Øster', 'lukasz oster'],
    ['Straße', 'strasse'],
    ['İstanbul ılık', 'istanbul ilik'],
    ['ΣΊΣΥΦΟΣ', 'σισυφοσ'],
    ['Ёлка', 'елка'],
    ['ｆｕｌｌ　ｗｉｄｔｈ', 'full width'],
    ['  a \t b\n', 'a b'],
    ['מֹשֶׁה', 'משה'],
    ['Ada\ud800', 'ada\ufffd'],
  ])('PS1 %j is compared as %j', (text, folded) => {
    expect(fold(text)).toBe(folded)
  })

  it('PS4 vowel signs that are letters to their readers stay', () => {
    expect(fold('कि')).not.toBe(fold('का'))
  })

  it('PS4 a syllable of Hangul begins with its first letter', () => {
    expect(fold('김').startsWith(fold('ㄱ'))).toBe(true)
  })

  it('PS1 a word ends at whatever is no letter, digit or mark', () => {
    expect(wordsOf(fold("Anne-Marie O'Neil_7 🦄"))).toEqual(['anne', 'marie', 'o', 'neil', '7'])
  })

  it('PS1 what is written in several words is found written in one', () => {
    expect(indexWords('anne_marie', null)).toEqual(['annemarie', 'anne', 'marie'])
  })

  it('PS4 where no spaces are written a word may begin anywhere', () => {
    expect(indexWords('山田太郎')).toEqual(['山田太郎', '田太郎', '太郎', '郎'])
  })

  it('PS6 of what is erased no word is left', () => {
    expect(indexWords(null, null)).toEqual([])
  })
})
