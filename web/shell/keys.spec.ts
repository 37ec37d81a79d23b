import { idAt, tea } from '@verbatim/protocol/examples'
import { groupId } from '@verbatim/protocol/ids'
import { describe, expect, it } from 'vitest'
import { beginsWords, neighbour, wayOut } from './keys.ts'

const [one, two, three] = [idAt(1), idAt(2), idAt(3)].map((id) => groupId(id)) as [typeof tea, typeof tea, typeof tea]
const list = [
  { id: one, unread: 2 },
  { id: two, unread: 0 },
  { id: three, unread: 1 },
]
const route = { panel: 'chats', details: false } as const
const nowhere = { above: false, onMessage: false }

describe('the keyboard', () => {
  it('WB108 leads out with Escape, of the nearest first', () => {
    const everything = { above: true, onMessage: true }
    expect(wayOut({ panel: 'settings', details: true }, everything)).toBe('panel')
    expect(wayOut({ ...route, details: true }, everything)).toBe('message')
    expect(wayOut({ ...route, details: true }, { ...everything, onMessage: false })).toBe('details')
    expect(wayOut(route, { above: true, onMessage: false })).toBe('past')
    expect(wayOut(route, nowhere)).toBeUndefined()
  })

  it('WB109 goes from conversation to conversation, or past those that are read', () => {
    const go = (from: typeof tea | undefined, by: 1 | -1, unread = false) => neighbour(list, from, { by, unread })
    expect([go(one, 1), go(two, -1), go(three, 1), go(one, -1)]).toEqual([two, one, undefined, undefined])
    expect([go(one, 1, true), go(three, -1, true), go(two, 1, true)]).toEqual([three, one, three])
    expect([go(undefined, 1), go(undefined, -1), go(tea, 1, true)]).toEqual([one, one, one])
    expect(neighbour([], one, { by: 1, unread: false })).toBeUndefined()
  })

  it('WB109 takes what looks like words for words, and no shortcut', () => {
    const key = (name: string, held: object = {}) =>
      beginsWords({ key: name, ctrlKey: false, metaKey: false, altKey: false, ...held })
    for (const letter of ['a', 'Ж', '?', '😀']) expect(key(letter)).toBe(true)
    for (const other of ['Enter', 'Escape', 'Tab', 'Process', 'Dead', ' ', 'ArrowUp']) expect(key(other)).toBe(false)
    expect([key('v', { ctrlKey: true }), key('V', { metaKey: true })]).toEqual([true, true])
    for (const held of ['ctrlKey', 'metaKey', 'altKey']) expect(key('c', { [held]: true })).toBe(false)
  })
})
