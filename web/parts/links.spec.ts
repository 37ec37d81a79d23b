import { describe, expect, it } from 'vitest'
import { initials } from './avatar.tsx'
import { isEmoji, isLarge, tokens } from './links.ts'

const hrefs = (text: string) => tokens(text).flatMap(({ href }) => (href === undefined ? [] : [href]))

describe('words', () => {
  it('WB70 turn only http, https and mailto into links', () => {
    expect(hrefs('see https://a.example/b?c=d#e and http://b.example or mailto:ada@c.example')).toEqual([
      'https://a.example/b?c=d#e',
      'http://b.example',
      'mailto:ada@c.example',
    ])
    for (const hostile of [
      'javascript:alert(1)',
      'JaVaScRiPt:alert(1)',
      'data:text/html,<script>alert(1)</script>',
      'vbscript:x',
      'file:///etc/passwd',
      'xhttps://no.example',
      'https://',
    ])
      expect(hrefs(hostile)).toEqual([])
  })

  it('WB71 keep every character, and the marks after a link outside of it', () => {
    const text = '(see https://a.example/x_(y)), “https://b.example”. <b>&amp;</b>'
    expect(
      tokens(text)
        .map((token) => token.text)
        .join(''),
    ).toBe(text)
    expect(hrefs(text)).toEqual(['https://a.example/x_(y)', 'https://b.example'])
  })

  it('WB72 are drawn large when they are one to three emoji and nothing else', () => {
    for (const large of ['👍', '👍🏽 ❤️', '👨‍👩‍👧🇫🇮😂']) expect(isLarge(large)).toBe(true)
    for (const plain of ['', 'ok 👍', '👍👍👍👍', '12', '#']) expect(isLarge(plain)).toBe(false)
  })

  it('WB73 are a reaction only as one emoji', () => {
    for (const emoji of ['👍', '❤️', '👨‍👩‍👧', '🇫🇮', '☕']) expect(isEmoji(emoji)).toBe(true)
    for (const other of ['', 'a', '1', '#', '👍👍', '👍 ', '<b>']) expect(isEmoji(other)).toBe(false)
  })

  it('WB74 give a person initials in any script', () => {
    expect(['Ada Okafor', 'bo', '李 小龍', '(Mr) Ö', '👍'].map(initials)).toEqual(['AO', 'BO', '李小', 'Ö', '👍'])
  })
})
