import type { MessageView, Notice } from '@verbatim/protocol'
import { ada, bob, idAt, noon } from '@verbatim/protocol/examples'
import { describe, expect, it } from 'vitest'
import { type Row, rowsOf } from './rows.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const at = (ms: number) => new Date(noon + ms).toISOString()
const message = (revision: number, sender: typeof ada, ms: number): MessageView => ({
  id: idAt(revision),
  revision,
  sender,
  sentAt: at(ms),
  body: { text: `message ${revision}` },
  reactions: [],
})
const left = (revision: number, ms: number): Notice => ({
  revision,
  type: 'MemberLeft',
  actor: bob,
  at: at(ms),
  data: { user: bob },
})
const rows = (messages: MessageView[], notices: Notice[] = [], divideAfter?: number): Row[] =>
  rowsOf({ messages, notices, me: ada, divideAfter, dayOf: (when) => when.slice(0, 10) })
const kinds = (all: Row[]) => all.map(({ kind }) => kind)
const ends = (all: Row[]) => all.flatMap((row) => (row.kind === 'message' ? [[row.first, row.last]] : []))

describe('the rows of a conversation', () => {
  it('WB50 stand together when one person sent them within five minutes', () => {
    const all = rows([
      message(1, bob, 0),
      message(2, bob, MINUTE),
      message(3, bob, 7 * MINUTE),
      message(4, ada, 7 * MINUTE),
    ])
    expect(ends(all)).toEqual([
      [true, false],
      [false, true],
      [true, true],
      [true, true],
    ])
  })

  it('WB51 begin each day with its date', () => {
    const all = rows([message(1, bob, 0), message(2, bob, DAY)], [left(3, 2 * DAY)])
    expect(kinds(all)).toEqual(['day', 'message', 'day', 'message', 'day', 'notice'])
  })

  it('WB52 carry the line of new messages before the first one of somebody else', () => {
    const messages = [message(1, bob, 0), message(2, ada, 0), message(3, bob, 0), message(4, bob, 0)]
    expect(kinds(rows(messages, [], 1))).toEqual(['day', 'message', 'message', 'divider', 'message', 'message'])
    expect(kinds(rows(messages, [], 4))).not.toContain('divider')
    expect(kinds(rows(messages))).not.toContain('divider')
  })

  it('WB53 stand in the order of the log, what happened between them in its place', () => {
    const all = rows([message(1, bob, 0), message(3, bob, 0)], [left(2, 0)])
    expect(kinds(all)).toEqual(['day', 'message', 'notice', 'message'])
    expect(ends(all)).toEqual([
      [true, true],
      [true, true],
    ])
  })

  it('WB54 keep their keys when older messages come before them', () => {
    const later = rows([message(2, bob, 0), message(3, ada, 0)])
    const grown = rows([message(1, bob, 0), message(2, bob, 0), message(3, ada, 0)])
    for (const { key } of later) expect(grown.map((row) => row.key)).toContain(key)
    expect(new Set(grown.map(({ key }) => key)).size).toBe(grown.length)
  })
})
