import { describe, expect, it } from 'vitest'
import { parseBody } from './validators.ts'
import * as words from './words.ts'

const { text, name, about, handle, password, revision, emoji } = words
const schemas = { text, name, about, handle, password, revision, emoji }

const takes = (schema: keyof typeof schemas, value: unknown): boolean => schemas[schema].safeParse(value).success
const pen = '\u{1f58b}'

describe('at its limit', () => {
  it.each([
    ['text', 'x'.repeat(8_000), 'x'.repeat(8_001)],
    ['text', pen.repeat(8_000), pen.repeat(8_001)],
    ['name', 'x'.repeat(64), 'x'.repeat(65)],
    ['name', ` ${pen.repeat(64)} `, pen.repeat(65)],
    ['about', pen.repeat(500), pen.repeat(501)],
    ['handle', 'x'.repeat(32), 'x'.repeat(33)],
    ['handle', 'xyz', 'xy'],
    ['password', 'x'.repeat(10), 'x'.repeat(9)],
    ['password', 'ä'.repeat(5), 'ä'.repeat(4)],
    ['password', 'x'.repeat(1_024), 'x'.repeat(1_025)],
    ['password', 'ä'.repeat(512), 'ä'.repeat(513)],
    ['revision', -1, -2],
    ['revision', Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER + 1],
  ] as const)('PR6 a %s is taken, and refused past it', (schema, last, past) => {
    expect([takes(schema, last), takes(schema, past)]).toEqual([true, false])
  })
})

const unpaired = ['\ud800', 'a\udc00b']

describe('a text', () => {
  it.each(['hi', ' spaced ', 'two\nlines', '\u202bשלום\u202c', '👍', 'e\u0301', '0', '\u200ba'])(
    'PR7 may be %j',
    (text) => {
      expect(words.text.parse(text)).toBe(text)
    },
  )

  it.each(['', ' ', '\n\t ', '\u200b', '\u2060\ufeff', '\u00a0', '\u2800', 'a\0b', ...unpaired])(
    'PR7 is not %j',
    (text) => {
      expect(takes('text', text)).toBe(false)
    },
  )
})

describe('a name', () => {
  it.each(['Ada', 'Zoë', '李', 'O’Brien', 'می‌خواهم', '👩‍🚀', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', 'J. R.'])('PR8 may be %j', (name) => {
    expect(words.name.parse(name)).toBe(name)
  })

  it('PR8 loses the spaces around it', () => {
    expect(words.name.parse('  Ada \u00a0')).toBe('Ada')
  })

  it.each([
    '',
    '   ',
    'a\nb',
    'a\tb',
    'a\u0007b',
    'a\u2028b',
    '\u202eadA',
    'a\u2066b',
    'a\u200fb',
    'Ad\u200ba',
    'Ad\u00ada',
    '\u3164',
    '\u200d',
    '\ufe0f',
    '\u2800',
    'a\0b',
    `Z${'\u0301'.repeat(9)}algo`,
    ...unpaired,
  ])('PR8 is not %j', (name) => {
    expect(takes('name', name)).toBe(false)
  })
})

describe('a handle', () => {
  it('PR9 is folded', () => {
    expect(words.handle.parse('Ada_1815')).toBe('ada_1815')
  })

  // The Kelvin sign and the long s fold to k and s; the dotted capital i folds to two characters.
  it.each(['\u212aelvin', 'ba\u017f', '\u0130da', 'ａｄａ', 'аda', 'a da', 'ada\n', 'a-da', 'ada.', '__proto__\0'])(
    'PR9 is not %j',
    (handle) => {
      expect(takes('handle', handle)).toBe(false)
    },
  )
})

describe('an emoji', () => {
  it.each(['👍', '👍🏽', '❤', '❤️', '1️⃣', '#⃣', '🇩🇪', '👩‍👩‍👧‍👦', '🏳️‍🌈', '🏳‍🌈', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '👩🏽‍❤️‍💋‍👩🏻', '©', '\u{1faef}'])(
    'PR10 is %s',
    (emoji) => {
      expect(takes('emoji', emoji)).toBe(true)
    },
  )

  it('PR10 may be a custom one', () => {
    expect(takes('emoji', '01ARZ3NDEKTSV4RRFFQ69G5FAV')).toBe(true)
  })

  it.each([
    '',
    ' ',
    'a',
    '1',
    '1️',
    '#',
    '🇩',
    '👍👍',
    '👍 ',
    '👍\n',
    '★★',
    '\u200d',
    '\ufe0f',
    ':)',
    '<b>',
    `👩${'‍👩'.repeat(40)}`,
  ])('PR10 is not %j', (text) => {
    expect(takes('emoji', text)).toBe(false)
  })

  it('PR10 is told from a long text without delay', () => {
    const began = performance.now()
    expect(takes('emoji', '👩‍'.repeat(20_000))).toBe(false)
    expect(performance.now() - began).toBeLessThan(100)
  })
})

describe('the body of a request', () => {
  const account = { handle: 'Ada', name: ' Ada ', password: 'correct horse' }

  it('PR23 is taken with its words folded and trimmed', () => {
    expect(parseBody('register', account)).toEqual({
      ok: true,
      body: { handle: 'ada', name: 'Ada', password: 'correct horse' },
    })
    expect(parseBody('login', { handle: 'ADA', password: 'x' })).toEqual({
      ok: true,
      body: { handle: 'ada', password: 'x' },
    })
  })

  it('PR23 may name in a sign-in what cannot be a handle', () => {
    expect(parseBody('login', { handle: '<b>', password: '' }).ok).toBe(true)
  })

  it.each([
    [{ ...account, handle: 'a b' }, 'handle: 3 to 32 of a-z, 0-9 and _'],
    [{ ...account, name: '' }, 'name: 1 to 64 characters'],
    [{ ...account, password: 'short' }, 'password: 10 to 1,024 bytes'],
    [{ ...account, password: 'long enough \ud800' }, 'password: well-formed text without NUL'],
    [{ ...account, admin: true }, 'unknown field admin'],
    [{ ...account, handle: { $ne: null } }, 'handle: wants a string'],
    [{ handle: 'ada', name: 'Ada' }, 'password: is missing'],
    [null, 'wants an object'],
    [[account], 'wants an object'],
  ])('PR23 %j is refused: %s', (value, detail) => {
    expect(parseBody('register', value)).toEqual({ ok: false, detail })
  })

  it('PR23 of a friend request names one person by id', () => {
    expect(parseBody('friend', { user: 'ada' })).toEqual({ ok: false, detail: 'user: a ULID in upper case' })
  })
})
