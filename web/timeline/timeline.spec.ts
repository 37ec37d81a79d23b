import type { PublicEvent } from '@verbatim/protocol'
import { ada, bob } from '@verbatim/protocol/examples'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyEvent } from './apply-event.ts'
import { fakeConversation } from './conversation.rig.ts'
import { type Feed, feedFrom, receive } from './feed.ts'
import { happenings, play } from './history.rig.ts'
import { fromPage, type Timeline, trimmed, withNewer, withOlder } from './timeline.ts'

/** Each delivery twice, as a server may. */
const deliver = (start: { feed: Feed; timeline: Timeline }, events: readonly PublicEvent[]) => {
  let { feed, timeline } = start
  for (const event of events)
    for (const twice of [event, event]) {
      const received = receive(feed, [twice])
      feed = received.feed
      timeline = received.fresh.reduce(applyEvent, timeline)
    }
  return { feed, timeline }
}
const content = ({ messages, notices }: Pick<Timeline, 'messages' | 'notices'>) => ({ messages, notices })
/** Who took a reaction back and gave it again while the page was on its way may see its emoji in another place. */
const unordered = (timeline: Timeline) => ({
  ...content(timeline),
  messages: timeline.messages.map((message) => ({
    ...message,
    reactions: message.reactions
      .map(({ emoji, users }) => ({ emoji, users: users.toSorted() }))
      .sort((a, b) => (a.emoji < b.emoji ? -1 : 1)),
  })),
})
const whole = { limit: 10_000 }

describe('a timeline', () => {
  it('WB1 equals a fresh read after every event, each delivered twice', () => {
    fc.assert(
      fc.property(happenings, fc.nat(30), (steps, opened) => {
        const fake = fakeConversation()
        for (const step of steps.slice(0, opened)) play(fake, step)
        const head = fake.head()
        const start = { feed: feedFrom(head), timeline: fromPage(fake.page(whole), [], head) }
        for (const step of steps.slice(opened)) play(fake, step)
        const { timeline } = deliver(start, fake.log.slice(head + 1))
        expect(content(timeline)).toEqual(content(fromPage(fake.page(whole), [], fake.head())))
        expect(timeline.revision).toBe(fake.head())
      }),
      { seed: 4, numRuns: 300 },
    )
  })

  it('WB2 is right whether the page that it began with was behind the socket or ahead of it', () => {
    fc.assert(
      fc.property(happenings, fc.nat(60), fc.nat(60), (steps, told, model) => {
        const fake = fakeConversation()
        for (const step of steps) play(fake, step)
        const seen = Math.min(told, fake.head())
        const { feed } = receive(feedFrom(-1), fake.log.slice(0, seen + 1))
        const page = fake.page(whole, Math.min(model, fake.head()))
        const start = { feed, timeline: fromPage(page, feed.lately, feed.seen) }
        const { timeline } = deliver(start, fake.log.slice(seen + 1))
        expect(unordered(timeline)).toEqual(unordered(fromPage(fake.page(whole), [], fake.head())))
      }),
      { seed: 8, numRuns: 300 },
    )
  })

  it('WB3 grows upward ten by ten into the same as one long read', () => {
    fc.assert(
      fc.property(happenings, happenings, (before, meanwhile) => {
        const fake = fakeConversation()
        for (const step of before) play(fake, step)
        let state = { feed: feedFrom(fake.head()), timeline: fromPage(fake.page({ limit: 10 }), [], fake.head()) }
        for (const step of meanwhile) {
          const from = fake.head() + 1
          play(fake, step)
          // The page is of a model that has not heard of what happened last.
          const first = state.timeline.messages[0]?.revision ?? 0
          const page = fake.page({ before: first, limit: 10 }, from - 1)
          state = deliver(state, fake.log.slice(from))
          if (state.timeline.moreBefore)
            state = { ...state, timeline: withOlder(state.timeline, page, state.feed.lately) }
        }
        while (state.timeline.moreBefore) {
          const page = fake.page({ before: state.timeline.messages[0]?.revision ?? 0, limit: 10 })
          state = { ...state, timeline: withOlder(state.timeline, page, state.feed.lately) }
        }
        expect(content(state.timeline)).toEqual(content(fromPage(fake.page(whole), [], fake.head())))
      }),
      { seed: 15, numRuns: 200 },
    )
  })

  it('WB4 that looks at the past takes no new message until it has grown down to the end', () => {
    const fake = fakeConversation()
    for (let i = 0; i < 30; i++) fake.send(bob, `message ${i}`)
    let feed = feedFrom(fake.head())
    const page = fake.page({ after: -1, limit: 10 })
    let timeline = fromPage({ ...page, moreBefore: false, moreAfter: true }, [], fake.head())
    const late = fake.send(bob, 'late')
    const edit = fake.happen(bob, {
      type: 'MessageEdited',
      data: { message: page.messages[3]?.id ?? late.data.message, body: { text: 'changed' } },
    })
    ;({ feed, timeline } = deliver({ feed, timeline }, [late, edit]))
    expect(timeline.messages).toHaveLength(10)
    expect(timeline.messages[3]?.body).toEqual({ text: 'changed' })
    while (timeline.moreAfter) {
      const after = timeline.messages.at(-1)?.revision ?? 0
      timeline = withNewer(timeline, fake.page({ after, limit: 10 }), feed.lately)
    }
    expect(content(timeline)).toEqual(content(fromPage(fake.page(whole), [], fake.head())))
  })

  it('WB5 shows nothing of a deleted message, and an older edit does not bring it back', () => {
    const fake = fakeConversation()
    const sent = fake.send(ada, 'secret')
    const { message } = sent.data
    const edit = fake.happen(ada, { type: 'MessageEdited', data: { message, body: { text: 'secret, edited' } } })
    fake.happen(ada, { type: 'MessageDeleted', data: { message } })
    const ahead = fromPage(fake.page(whole), [sent, edit], edit.revision)
    expect(ahead.messages).toEqual([expect.objectContaining({ body: null, deleted: true })])
    expect(JSON.stringify(ahead)).not.toContain('secret')
  })

  it('WB6 forgets its far past when it grows long, and knows that there is more', () => {
    const fake = fakeConversation()
    for (let i = 0; i < 30; i++) fake.send(bob, `message ${i}`)
    const timeline = trimmed(fromPage(fake.page(whole), [], fake.head()), 10)
    expect(timeline.messages).toEqual(fake.page({ limit: 10 }).messages)
    expect(timeline.notices).toEqual([])
    expect(timeline.moreBefore).toBe(true)
    expect(trimmed(timeline, 10)).toBe(timeline)
  })
})

describe('a feed', () => {
  const history = () => {
    const fake = fakeConversation()
    for (let i = 0; i < 9; i++) fake.send(ada, `message ${i}`)
    return fake.log
  }

  it('WB7 holds what lies beyond a gap and tells that the range is missing', () => {
    const log = history()
    const first = receive(feedFrom(-1), log.slice(0, 3))
    const beyond = receive(first.feed, log.slice(5))
    expect(beyond.fresh).toEqual([])
    expect(beyond.gap).toBe(true)
    const closed = receive(beyond.feed, log.slice(3, 5))
    expect(closed.fresh).toEqual(log.slice(3))
    expect(closed.gap).toBe(false)
    expect(closed.feed.held).toEqual([])
  })

  it('WB8 gives every event once and in order, however the deliveries fall', () => {
    const log = history()
    fc.assert(
      fc.property(fc.shuffledSubarray([...Array(log.length * 2).keys()], { minLength: log.length * 2 }), (order) => {
        let feed = feedFrom(-1)
        const given: PublicEvent[] = []
        for (const at of order) {
          const received = receive(feed, [log[at % log.length] as PublicEvent])
          feed = received.feed
          given.push(...received.fresh)
        }
        expect(given).toEqual(log)
        expect(feed.lately).toEqual(log)
      }),
      { seed: 16, numRuns: 200 },
    )
  })
})
