import { ada, bob, idAt } from '@verbatim/protocol/examples'
import { describe, expect, it } from 'vitest'
import { accounts, index, searching } from './people.examples.ts'

describe('finding people', () => {
  it('PS1 finds by id in any case, by handle with or without its sign, and by name', async () => {
    const find = await searching(['ada', 'Countess Lovelace'], ['bob', 'Bob'])
    const id = idAt(1_000)
    for (const query of [id, ` ${id.toLowerCase()} `, 'ada', '@ADA', 'countess lovelace', 'LOVELACE'])
      expect(await find(query), query).toEqual(['ada'])
  })

  it('PS1 finds without accents and with them, in either normal form', async () => {
    const find = await searching(['zoe_l', 'Zoë Łukasz'], ['jose', 'José'])
    for (const query of ['zoe lukasz', 'ZOË', 'Zoe\u0308', 'łukasz'])
      expect(await find(query), query).toEqual(['zoe_l'])
    expect(await find('jose')).toEqual(await find('JOSÉ'))
  })

  it('PS1 words may come in any order and be parts of a handle', async () => {
    const find = await searching(['ada_lovelace', 'Ada L.'], ['grace', 'Grace Hopper'])
    for (const query of ['lovelace ada', 'adalovelace', 'love', 'ada_love'])
      expect(await find(query)).toEqual(['ada_lovelace'])
    expect(await find('hop gra')).toEqual(['grace'])
    expect(await find('ada hopper')).toEqual([])
  })

  it('PS2 the best come first', async () => {
    const find = await searching(
      ['typo', 'Mraia'],
      ['by_word', 'Anna Maria'],
      ['begins', 'Mariana'],
      ['exact_name', 'Maria'],
      ['maria', 'Somebody'],
    )
    expect(await find('maria')).toEqual(['maria', 'exact_name', 'begins', 'by_word', 'typo'])
    expect(await find('maria', 2)).toEqual(['maria', 'exact_name'])
  })

  it('PS2 fewer typos come before more', async () => {
    const find = await searching(['two', 'Alexnadre'], ['none', 'Alexander'], ['one', 'Alexandxer'])
    expect(await find('alexander')).toEqual(['none', 'one', 'two'])
  })

  it.each([
    ['lovelcae', 'swapped'],
    ['lovlace', 'missing'],
    ['lovelaace', 'added'],
    ['lovelase', 'changed'],
    ['olvelace', 'swapped at the beginning'],
    ['lovelca', 'not typed to its end'],
    ['lvoelcae', 'two of them'],
    ['adda lovelcae', 'in both words'],
    ['lovelcae ada', 'in another order'],
  ])('PS3 %j is forgiven: %s', async (query) => {
    const find = await searching(['ada', 'Ada Lovelace'], ['grace', 'Grace Hopper'])
    expect(await find(query)).toEqual(['ada'])
  })

  it('PS3 a typo in one word is forgiven however many people share the other', async () => {
    const many = Array.from(
      { length: 60 },
      (_, n) => [`someone${n}`, `Maria${String.fromCharCode(97 + (n % 26), 97 + (n >> 4))}`] as const,
    )
    const find = await searching(...many, ['target', 'Mariazzz Lovelace'])
    expect(await find('maria lovelcae')).toEqual(['target'])
  })

  it('PS3 the second typo spares the first letter', async () => {
    const find = await searching(['ada', 'Ada Lovelace'])
    expect(await find('olvelcae')).toEqual([])
  })

  it('PS3 a short word is forgiven one typo, and none when it is shorter than three letters', async () => {
    const find = await searching(['bob', 'Bob'])
    expect(await find('bbo')).toEqual(['bob'])
    expect(await find('ob')).toEqual([])
    expect(await find('xyb')).toEqual([])
  })

  it('PS4 finds names of other scripts, with typos too', async () => {
    const find = await searching(
      ['sasha', 'Александр'],
      ['taro', '山田太郎'],
      ['minjun', '김민준'],
      ['moshe', 'מֹשֶׁה'],
      ['ravi', 'रवि'],
    )
    expect(await find('алексадр')).toEqual(['sasha'])
    expect(await find('太郎')).toEqual(['taro'])
    expect(await find('ㄱ')).toEqual(['minjun'])
    expect(await find('משה')).toEqual(['moshe'])
    expect(await find('रव')).toEqual(['ravi'])
  })

  it('PS2 one or two letters find by beginnings', async () => {
    const find = await searching(['ada', 'Ada Brown'], ['bob', 'Bob'], ['zed', 'Anders'])
    expect(await find('a')).toEqual(['ada', 'zed'])
    expect(await find('br')).toEqual(['ada'])
  })

  it('PS8 an empty query finds nobody, nor does one of white space and signs alone', async () => {
    const find = await searching(['ada', 'Ada'])
    for (const query of ['', '   ', '@', '\t\n', '"', '%', '_', '...']) expect(await find(query), query).toEqual([])
  })

  it('PS8 nobody is found twice, nor more than asked for', async () => {
    const find = await searching(['ada_ada', 'Ada Ada'], ['ada2', 'Ada Adams'], ['ada3', 'Ada'])
    expect((await find('ada')).sort()).toEqual(['ada2', 'ada3', 'ada_ada'])
    expect(await find('ada', 2)).toHaveLength(2)
    expect(await find('ada', 0)).toEqual([])
  })
})

describe('a query is a text', () => {
  it.each([
    ['operators of a search engine', '"ada" OR handle:* AND NOT bob'],
    ['a prefix sign', 'ada*'],
    ['SQL', "ada' OR 1=1 --"],
    ['a function', 'NEAR(ada, 2)'],
    ['columns', '{ada}: -bob +"'],
    ['NUL', 'a\0da'],
    ['half a character', 'ada\ud800'],
    ['the other half', '\udc00'],
    ['names of properties', '__proto__ constructor'],
    ['the last code point', '\u{10ffff}\u{10ffff}'],
    ['one letter that unfolds into eighteen', '\ufdfa'.repeat(200)],
    ['many words', 'ada '.repeat(64)],
    ['many different words', Array.from({ length: 85 }, (_, n) => String.fromCharCode(97 + (n % 26), 98)).join(' ')],
    ['10,000 letters', 'a'.repeat(10_000)],
    ['nothing but marks', '\u0301'.repeat(256)],
    ['one long word', 'x'.repeat(256)],
  ])('PS5 %s are no more than text, answered quickly', async (_, query) => {
    const find = await searching(['ada', 'Ada'], ['bob', 'Bob'])
    const since = performance.now()
    const found = await find(query)
    expect(performance.now() - since).toBeLessThan(250)
    expect(found.every((handle) => handle === 'ada' || handle === 'bob')).toBe(true)
  })

  it('PS5 a query longer than any name is nobody, whatever it begins with', async () => {
    const find = await searching(['ada', 'Ada'])
    expect(await find('ada'.padEnd(256))).toEqual(['ada'])
    expect(await find('ada'.padEnd(257))).toEqual([])
  })

  it('PS5 the signs of a pattern stand for themselves', async () => {
    const find = await searching(['ada', 'Ada'], ['percent', '100% Bob'], ['under_score', 'Eve'])
    expect(await find('%')).toEqual([])
    expect(await find('a%')).toEqual(['ada'])
    expect(await find('100%')).toEqual(['percent'])
    expect(await find('d_a')).toEqual([])
  })
})

describe('as people change', () => {
  it('PS6 a new name replaces the old one, the handle stays', async () => {
    const { history, registers, changes } = accounts()
    registers(ada, 'ada', 'Byron')
    changes(ada, { name: 'Lovelace' })
    changes(ada, { about: 'Byron once' })
    const filled = index()
    await filled.take(history)
    const { find } = await filled.search()
    expect((await find('byron', 9)).value).toEqual([])
    expect((await find('lovelace', 9)).value).toEqual([ada])
    expect((await find('ada', 9)).value).toEqual([ada])
  })

  it('PS6 of an erased name nothing is found, of an erased person not even the id', async () => {
    const { history, registers, changes } = accounts()
    registers(ada, 'ada', 'Lovelace')
    changes(ada, { name: null })
    registers(bob, null, null)
    changes(bob, { name: null })
    const filled = index()
    await filled.take(history)
    const { find } = await filled.search()
    expect((await find('lovelace', 9)).value).toEqual([])
    expect((await find('ada', 9)).value).toEqual([ada])
    expect((await find(bob, 9)).value).toEqual([])
    expect((await filled.lines()).join('')).not.toContain(bob)
  })

  it('PS6 somebody who had a name and is erased leaves the index whole', async () => {
    const { history, registers, changes } = accounts()
    registers(ada, null, 'Lovelace')
    changes(ada, { name: null })
    const filled = index()
    await filled.take(history)
    expect(await filled.lines()).toEqual([])
  })

  it('PS9 an answer carries the position of its moment', async () => {
    const { history, registers } = accounts()
    registers(ada, 'ada', 'Ada')
    const filled = index()
    await filled.take(history)
    const { find } = await filled.search()
    expect(await find('bob', 9)).toEqual({ position: 1, value: [] })
    await filled.take([registers(bob, 'bob', 'Bob')])
    expect(await find('bob', 9)).toEqual({ position: 2, value: [bob] })
  })
})
