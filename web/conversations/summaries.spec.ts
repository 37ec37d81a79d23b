import type { ConversationId, ConversationSummary } from '@verbatim/protocol'
import { ada, adaAndBob, bob, tea } from '@verbatim/protocol/examples'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accepted, item, refused } from '../outbox/outbox.examples.ts'
import { answered } from '../outbox/queue.ts'
import { fakeConversation } from '../timeline/conversation.rig.ts'
import { happenings, play } from '../timeline/history.rig.ts'
import { applyToSummaries, knows, readUpTo, refreshed, unreadInAll, withPending } from './summaries.ts'

const other: ConversationSummary = {
  id: adaAndBob,
  kind: 'direct',
  name: 'Bob',
  revision: 0,
  readUpTo: -1,
  unread: 0,
}
const ids = (rows: readonly ConversationSummary[]): ConversationId[] => rows.map(({ id }) => id)

describe('the list of conversations', () => {
  it('WB10 equals a fresh read after every event, each delivered twice', () => {
    fc.assert(
      fc.property(happenings, fc.nat(30), (steps, opened) => {
        const fake = fakeConversation()
        for (const step of steps.slice(0, opened)) play(fake, step)
        const head = fake.head()
        let rows: readonly ConversationSummary[] = [fake.summary(ada, -1)]
        for (const step of steps.slice(opened)) play(fake, step)
        for (const event of fake.log.slice(head + 1))
          for (const twice of [event, event]) rows = applyToSummaries(rows, tea, twice, ada)
        expect(rows).toEqual([fake.summary(ada, -1)])
      }),
      { seed: 23, numRuns: 300 },
    )
  })

  it('WB11 puts what stirred last on top, and a reaction stirs nothing', () => {
    const fake = fakeConversation()
    const sent = fake.send(bob, 'hello')
    const before = [other, fake.summary(ada, -1, 0)]
    const after = applyToSummaries(before, tea, sent, ada)
    expect(ids(after)).toEqual([tea, adaAndBob])
    const { message } = sent.data
    const felt = fake.happen(bob, {
      type: 'ReactionAdded',
      data: { message, emoji: '👍' },
    })
    expect(ids(applyToSummaries([other, ...after.slice(0, 1)], tea, felt, ada))).toEqual([adaAndBob, tea])
  })

  it('WB12 counts what others said since the mark, and nothing before an own message', () => {
    const fake = fakeConversation()
    const rows = [fake.summary(ada, -1)]
    const unread = [fake.send(bob, 'one'), fake.send(bob, 'two')].reduce(
      (all, event) => applyToSummaries(all, tea, event, ada),
      rows as readonly ConversationSummary[],
    )
    expect(unreadInAll(unread)).toBe(2)
    expect(unreadInAll(applyToSummaries(unread, tea, fake.send(ada, 'three'), ada))).toBe(0)
  })

  it('WB13 moves the read mark only onward and counts what is left', () => {
    const fake = fakeConversation()
    for (let i = 0; i < 5; i++) fake.send(bob, `message ${i}`)
    const rows = [fake.summary(ada, -1)]
    const left = (revision: number) => fake.head() - revision
    const half = readUpTo(rows, tea, 2, left)
    expect(half[0]).toMatchObject({ readUpTo: 2, unread: 3 })
    expect(readUpTo(half, tea, 1, left)).toEqual(half)
    expect(readUpTo(half, tea, fake.head(), () => 99)[0]).toMatchObject({ unread: 0 })
    expect(readUpTo(half, adaAndBob, 9, left)).toEqual(half)
  })

  it('WB14 drops a conversation that one was removed from or left, and invents none', () => {
    const fake = fakeConversation()
    const rows = [other, fake.summary(ada, -1)]
    const removed = fake.happen(bob, { type: 'MemberRemoved', data: { user: ada } })
    expect(ids(applyToSummaries(rows, tea, removed, ada))).toEqual([adaAndBob])
    expect(ids(applyToSummaries(rows, tea, removed, bob))).toContain(tea)
    const left = fake.happen(ada, { type: 'MemberLeft', data: { user: ada } })
    expect(ids(applyToSummaries(rows, tea, left, ada))).toEqual([adaAndBob])
    expect(applyToSummaries([other], tea, fake.send(bob, 'hello'), ada)).toEqual([other])
    expect(knows([other], tea)).toBe(false)
  })

  it('WB15 is not set back by a page that is behind the socket', () => {
    const fake = fakeConversation()
    const stale = fake.summary(ada, -1)
    const told = applyToSummaries([stale], tea, fake.send(bob, 'hello'), ada)
    expect(refreshed(told, [stale])).toEqual(told)
    const read = readUpTo(told, tea, fake.head(), () => 0)
    expect(refreshed(read, [fake.summary(ada, -1)])).toEqual(read)
    expect(refreshed([], [stale])).toEqual([stale])
  })

  it('WB16 has on top what one just wrote to, unless it was refused', () => {
    const rows = [other, fakeConversation().summary(ada, -1)]
    expect(ids(withPending(rows, [item(1)]))).toEqual([tea, adaAndBob])
    expect(ids(withPending(rows, answered([item(1)], accepted(1))))).toEqual([tea, adaAndBob])
    expect(ids(withPending(rows, answered([item(1)], refused(1, 'blocked'))))).toEqual([adaAndBob, tea])
    expect(ids(withPending([other], [item(1)]))).toEqual([adaAndBob])
  })
})
