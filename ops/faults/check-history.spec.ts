import type { ConversationId, EventId, MessageId, PublicEvent, UserId } from '@verbatim/protocol'
import { describe, expect, it } from 'vitest'
import { checkHistory, report } from './check-history.ts'
import type { History, Send } from './history.ts'

const tea = '01JTEA00000000000000000000' as ConversationId
const ada = '01JADA00000000000000000000' as UserId
const bob = '01JB0B00000000000000000000' as UserId

const messageId = (n: number) => `01JMESSAGE${`${n}`.padStart(16, '0')}` as MessageId
const sent = (n: number, change: Partial<Send> = {}): Send => ({
  id: messageId(n),
  conversation: tea,
  sender: n % 2 ? ada : bob,
  text: `message ${n}`,
  at: n * 10,
  answers: [{ kind: 'ack', at: n * 10 + 5, revision: n, position: `${100 + n}` }],
  ...change,
})
const event = (revision: number, message = revision, text = `message ${message}`): PublicEvent => ({
  revision,
  type: 'MessageSent',
  id: `00000000-0000-5000-8000-${`${revision}`.padStart(12, '0')}` as EventId,
  actor: message % 2 ? ada : bob,
  at: '2026-05-01T12:00:00.000Z',
  data: { message: messageId(message), n: message, body: { text } },
})
const events = (...revisions: number[]) => revisions.map((revision) => event(revision))

/** Six messages of two people, seen live by both, one with a reconnection, and read whole at the end. */
const good: History = {
  sends: [0, 1, 2, 3, 4, 5].map((n) => sent(n)),
  sights: [
    { reader: 'ada', conversation: tea, after: undefined, events: events(0, 1, 2, 3, 4, 5) },
    { reader: 'bob', conversation: tea, after: undefined, events: events(0, 1, 2) },
    { reader: 'bob', conversation: tea, after: 2, events: events(3, 4, 5) },
  ],
  readings: [
    { reader: 'ada', conversation: tea, events: events(0, 1, 2, 3, 4, 5) },
    { reader: 'bob', conversation: tea, events: events(0, 1, 2, 3, 4, 5) },
  ],
  resets: [],
}
const kinds = (history: Partial<History>) => [...new Set(checkHistory({ ...good, ...history }).map(({ kind }) => kind))]
const reread = (...all: PublicEvent[]) => ({
  readings: [{ reader: 'ada', conversation: tea, events: all }],
  sights: [],
})
const resent = (n: number, change: Partial<Send>) => ({ sends: good.sends.with(n, sent(n, change)) })

describe('the checker of histories', () => {
  it('OP10 finds nothing in a good history', () => expect(checkHistory(good)).toEqual([]))
  it('OP10 finds nothing in a history without anything', () =>
    expect(checkHistory({ sends: [], sights: [], readings: [], resets: [] })).toEqual([]))
  it('OP10 lets an unanswered send be there or not, but tells that it was not answered', () => {
    expect(kinds(resent(5, { answers: [] }))).toEqual(['never answered'])
    expect(kinds({ ...resent(5, { answers: [] }), ...reread(...events(0, 1, 2, 3, 4)) })).toEqual(['never answered'])
  })
  it.each([
    ['a refused send', { kind: 'refused', at: 22, reason: 'unavailable' } as const],
    ['one whose socket was given up, on which it may have been refused,', { kind: 'unseen', at: 22 } as const],
  ])('OP10 lets %s be sent again later, after its neighbours', (_, before) => {
    const places = [0, 1, 5, 2, 3, 4]
    const sends = places.map((revision, n) => {
      const ack = { kind: 'ack', at: n === 2 ? 70 : n * 10 + 5, revision, position: `${100 + revision}` } as const
      return sent(n, { answers: n === 2 ? [before, ack] : [ack] })
    })
    const all = [event(0), event(1), event(2, 3), event(3, 4), event(4, 5), event(5, 2)]
    expect(kinds({ sends, ...reread(...all) })).toEqual([])
    expect(kinds(resent(5, { answers: [{ kind: 'unseen', at: 55 }] }))).toEqual(['never answered'])
  })

  it('OP11 sees an acknowledged message that is lost from the end', () =>
    expect(kinds(reread(...events(0, 1, 2, 3, 4)))).toEqual(['lost']))
  it('OP11 sees an acknowledged message that is lost with its place given to another', () =>
    expect(kinds({ ...reread(...events(0, 1, 2), event(3, 4), event(4, 5)) })).toContain('lost'))
  it('OP11 sees a message that was appended twice', () =>
    expect(kinds(reread(...events(0, 1, 2, 3, 4, 5), event(6, 5)))).toEqual(['doubled']))
  it('OP11 sees a hole in what is read', () => expect(kinds(reread(...events(0, 1, 2, 4, 5)))).toEqual(['gap', 'lost']))
  it('OP11 sees a hole in what is shown, within a socket and after a reconnection', () => {
    expect(
      kinds({ sights: [{ reader: 'bob', conversation: tea, after: undefined, events: events(0, 1, 3) }] }),
    ).toEqual(['gap'])
    expect(kinds({ sights: [{ reader: 'bob', conversation: tea, after: 2, events: events(4, 5) }] })).toEqual(['gap'])
  })
  it('OP11 sees what is shown twice, within a socket and after a reconnection', () => {
    expect(
      kinds({ sights: [{ reader: 'bob', conversation: tea, after: undefined, events: events(0, 1, 1) }] }),
    ).toEqual(['doubled'])
    expect(kinds({ sights: [{ reader: 'bob', conversation: tea, after: 2, events: events(2, 3) }] })).toEqual([
      'doubled',
    ])
  })
  it('OP11 sees a reader who is taken back in time', () =>
    expect(kinds({ sights: [{ reader: 'bob', conversation: tea, after: 4, events: events(2) }] })).toEqual([
      'inversion',
    ]))
  it('OP11 sees one person’s messages in another order than sent', () => {
    const sends = good.sends
      .with(1, sent(1, { answers: [{ kind: 'ack', at: 50, revision: 3, position: '103' }] }))
      .with(3, sent(3, { answers: [{ kind: 'ack', at: 50, revision: 1, position: '101' }] }))
    expect(kinds({ sends, ...reread(event(0), event(1, 3), event(2), event(3, 1), event(4), event(5)) })).toEqual([
      'inversion',
    ])
  })
  it('OP11 sees a message before one that was acknowledged before it was sent, by somebody else', () => {
    const sends = good.sends
      .with(2, sent(2, { answers: [{ kind: 'ack', at: 25, revision: 3, position: '103' }] }))
      .with(3, sent(3, { answers: [{ kind: 'ack', at: 35, revision: 2, position: '102' }] }))
    expect(kinds({ sends, ...reread(event(0), event(1), event(2, 3), event(3, 2), event(4), event(5)) })).toEqual([
      'inversion',
    ])
  })
  it('OP11 sees two readers with different content under one revision', () => {
    const other = good.readings[0]?.events.with(3, event(3, 3, 'another text')) ?? []
    expect(kinds({ readings: [...good.readings, { reader: 'eve', conversation: tea, events: other }] })).toContain(
      'differs',
    )
  })
  it('OP11 sees content that changed between the live frame and the reading', () =>
    expect(
      kinds({ sights: [{ reader: 'bob', conversation: tea, after: 3, events: [event(4, 4, 'another text')] }] }),
    ).toEqual(['differs']))
  it('OP11 sees an answer that differs from the one before, in revision or in position', () => {
    const first = { kind: 'ack', at: 25, revision: 2, position: '102' } as const
    expect(kinds(resent(2, { answers: [first, { ...first, revision: 3 }] }))).toEqual(['changed answer'])
    expect(kinds(resent(2, { answers: [first, { ...first, position: '103' }] }))).toEqual(['changed answer'])
    expect(kinds(resent(2, { answers: [first, first] }))).toEqual([])
  })
  it('OP11 sees an answer that names another place than the message has', () =>
    expect(kinds(resent(5, { answers: [{ kind: 'ack', at: 55, revision: 4, position: '104' }] }))).toContain(
      'wrong answer',
    ))
  it('OP11 sees a reader who was ahead of what is left and is told to read afresh', () =>
    expect(kinds({ resets: [{ reader: 'bob', conversation: tea, after: 9 }] })).toEqual(['reset']))
  it('OP11 sees a text that is not the one that was sent', () =>
    expect(kinds(resent(5, { text: 'what I really said' }))).toEqual(['wrong answer']))
  it('OP11 sees a message that nobody sent there', () =>
    expect(kinds(reread(...events(0, 1, 2, 3, 4, 5, 6)))).toEqual(['unsent']))
  it('OP11 tells in words what it found', () =>
    expect(report(checkHistory({ ...good, ...reread(...events(0, 1, 2, 3, 4)) }))).toBe(
      `lost: 1\n  ${messageId(5)} (message 5) of ${ada} in ${tea}, acknowledged as 5`,
    ))
})
