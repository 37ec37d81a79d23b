import type { MessagesPage } from '@verbatim/protocol'
import { ada, adaAndBob, bob, cleo, eve, idAt, noon, tea } from '@verbatim/protocol/examples'
import { expect, it } from 'vitest'
import type { MessagesWindow, Timelines } from './port.ts'
import { m, tale, timeOf } from './timelines.examples.ts'

const pageOf = async (timelines: Timelines, window: MessagesWindow, user = ada): Promise<MessagesPage> => {
  const { value } = await timelines.messages(user, tea, window)
  if (!value) throw new Error('not a member')
  return value
}
const textsOf = ({ messages }: MessagesPage) => messages.map(({ body }) => body?.text)
const revisionsOf = ({ notices }: MessagesPage) => notices.map(({ revision }) => revision)

/** 0 started, 1 a, 2 renamed, 3 b, 4 renamed, 5 renamed, 6 c, 7 renamed, 8 d, 9 e, 10 renamed. */
const mixed = () => {
  const told = tale()
  const { started, sent, renamed } = told
  started()
  sent('a')
  renamed('1')
  sent('b')
  renamed('2')
  renamed('3')
  sent('c')
  renamed('4')
  sent('d')
  sent('e')
  renamed('5')
  return told
}

it('TL2 the last page stands as it was sent, oldest first.', async () => {
  const { started, sent, asked } = tale()
  started()
  sent('Hello', ada)
  sent('Hi', bob, m(1))
  const timelines = await asked()
  expect(await timelines.messages(cleo, tea, { limit: 10 })).toEqual({
    position: 3,
    value: {
      messages: [
        { id: m(1), revision: 1, sender: ada, sentAt: timeOf(2), body: { text: 'Hello' }, reactions: [] },
        {
          id: m(2),
          revision: 2,
          sender: bob,
          sentAt: timeOf(3),
          body: { text: 'Hi', replyTo: m(1) },
          reactions: [],
          replyTo: m(1),
        },
      ],
      notices: [
        {
          revision: 0,
          type: 'GroupStarted',
          actor: ada,
          at: timeOf(1),
          data: { conversation: tea, name: 'Tea', members: [ada, bob, cleo], history: 'whole' },
        },
      ],
      more: false,
    },
  })
  await timelines.close()
})

it('TL2 before and after are exclusive, −1 is the beginning, and the limit is clamped.', async () => {
  const timelines = await mixed().asked()
  expect(textsOf(await pageOf(timelines, { before: 6, limit: 10 }))).toEqual(['a', 'b'])
  expect(textsOf(await pageOf(timelines, { after: 6, limit: 10 }))).toEqual(['d', 'e'])
  expect(textsOf(await pageOf(timelines, { after: -1, limit: 2 }))).toEqual(['a', 'b'])
  expect(textsOf(await pageOf(timelines, { limit: 0 }))).toEqual(['e'])
  expect(await pageOf(timelines, { before: 0, limit: 10 })).toEqual({ messages: [], notices: [], more: false })
  expect(await pageOf(timelines, { after: 10, limit: 10 })).toEqual({ messages: [], notices: [], more: false })
  expect(await pageOf(timelines, { after: 9e15, limit: 1e9 })).toMatchObject({ messages: [], notices: [] })
  await timelines.close()
  const long = tale()
  long.started()
  for (let n = 0; n < 130; n++) long.sent(`${n}`)
  const many = await long.asked()
  expect((await pageOf(many, { limit: 1_000 })).messages).toHaveLength(100)
  await many.close()
})

it('TL3 upward, each message and each notice comes exactly once, whatever the limit.', async () => {
  const timelines = await mixed().asked()
  for (const limit of [1, 2, 3, 4, 5, 6]) {
    const texts: unknown[] = []
    const notices: number[] = []
    let before: number | undefined
    for (let more = true; more; ) {
      const page = await pageOf(timelines, before === undefined ? { limit } : { before, limit })
      texts.unshift(...textsOf(page))
      notices.unshift(...revisionsOf(page))
      before = page.messages[0]?.revision ?? 0
      more = page.more ?? false
    }
    expect(texts).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(notices).toEqual([0, 2, 4, 5, 7, 10])
  }
  await timelines.close()
})

it('TL3 downward too.', async () => {
  const timelines = await mixed().asked()
  for (const limit of [1, 2, 3, 4, 5, 6]) {
    const texts: unknown[] = []
    const notices: number[] = []
    let after = -1
    for (let more = true; more; ) {
      const page = await pageOf(timelines, { after, limit })
      texts.push(...textsOf(page))
      notices.push(...revisionsOf(page))
      after = page.messages.at(-1)?.revision ?? after
      more = page.more ?? false
    }
    expect(texts).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(notices).toEqual([0, 2, 4, 5, 7, 10])
  }
  await timelines.close()
})

it('TL3 a conversation in which nothing was said has its notices.', async () => {
  const { started, renamed, asked } = tale()
  started()
  renamed('Quiet')
  const timelines = await asked()
  expect(await pageOf(timelines, { limit: 10 })).toMatchObject({ messages: [], more: false })
  expect(revisionsOf(await pageOf(timelines, { limit: 10 }))).toEqual([0, 1])
  expect(revisionsOf(await pageOf(timelines, { after: -1, limit: 10 }))).toEqual([0, 1])
  expect(revisionsOf(await pageOf(timelines, { around: 5, limit: 10 }))).toEqual([0, 1])
  await timelines.close()
})

it('TL4 around a revision stand as many before as from there on, and one side gives what the other lacks.', async () => {
  const timelines = await mixed().asked()
  const around = async (revision: number, limit: number) => {
    const page = await pageOf(timelines, { around: revision, limit })
    return [textsOf(page).join(''), page.moreBefore, page.moreAfter]
  }
  expect(await around(6, 1)).toEqual(['c', true, true])
  expect(await around(6, 2)).toEqual(['bc', true, true])
  expect(await around(6, 3)).toEqual(['bcd', true, true])
  expect(await around(1, 4)).toEqual(['abcd', false, true])
  expect(await around(9, 4)).toEqual(['bcde', true, false])
  expect(await around(6, 10)).toEqual(['abcde', false, false])
  expect(await around(1_000, 2)).toEqual(['de', true, false])
  expect(await around(-5, 2)).toEqual(['ab', false, true])
  expect(await pageOf(timelines, { around: 6, limit: 3 })).not.toHaveProperty('more')
  await timelines.close()
})

it('TL4 from the middle, paging on gives the rest once.', async () => {
  const timelines = await mixed().asked()
  const middle = await pageOf(timelines, { around: 6, limit: 2 })
  const above = await pageOf(timelines, { before: 3, limit: 10 })
  const below = await pageOf(timelines, { after: 6, limit: 10 })
  expect([above, middle, below].flatMap(textsOf)).toEqual(['a', 'b', 'c', 'd', 'e'])
  expect([above, middle, below].flatMap(revisionsOf)).toEqual([0, 2, 4, 5, 7, 10])
  await timelines.close()
})

it('TL4 a time opens at the first message sent then or later.', async () => {
  const timelines = await mixed().asked()
  const at = async (milliseconds: number, limit = 2) =>
    textsOf(await pageOf(timelines, { at: noon + milliseconds, limit })).join('')
  // `c` is the seventh event, and happened seven seconds after noon.
  expect(await at(7_000)).toBe('bc')
  expect(await at(7_001)).toBe('cd')
  expect(await at(4_001, 1)).toBe('c')
  expect(await at(-1e12)).toBe('ab')
  expect(await at(1e12)).toBe('de')
  await timelines.close()
})

it('TL5 a deleted message stays without its text, its reactions and what it answered, and comes back restored.', async () => {
  const told = tale()
  const { started, sent, edited, reacted, deleted, restored } = told
  started()
  sent('first')
  sent('secret', ada, m(1))
  edited(m(2), 'edited secret')
  reacted(m(2), '👍', bob)
  deleted(m(2), bob)
  const timelines = await told.asked()
  expect((await pageOf(timelines, { limit: 1 })).messages).toEqual([
    {
      id: m(2),
      revision: 2,
      sender: ada,
      sentAt: timeOf(3),
      body: null,
      edited: timeOf(4),
      deleted: true,
      reactions: [],
    },
  ])
  const answers = JSON.stringify([
    await timelines.messages(ada, tea, { limit: 10 }),
    await timelines.conversations(ada, { limit: 10 }),
    await timelines.conversation(ada, tea),
    await timelines.edits(ada, tea, m(2)),
    await timelines.events(ada, tea, { after: -1, limit: 1_000 }),
    await timelines.backlog(ada, [{ conversation: tea, revision: -1 }]),
  ])
  expect(answers).not.toContain('secret')
  restored(m(2), 'edited secret', bob)
  await timelines.reached()
  expect((await pageOf(timelines, { limit: 1 })).messages[0]).toMatchObject({
    body: { text: 'edited secret' },
    reactions: [{ emoji: '👍', users: [bob] }],
  })
  expect((await pageOf(timelines, { limit: 1 })).messages[0]).not.toHaveProperty('deleted')
  await timelines.close()
})

it('TL6 an edited message tells when, and its edits what it said before each.', async () => {
  const { started, sent, edited, asked } = tale()
  started()
  sent('one')
  edited(m(1), 'two')
  edited(m(1), 'three')
  const timelines = await asked()
  expect((await pageOf(timelines, { limit: 1 })).messages[0]).toMatchObject({
    body: { text: 'three' },
    edited: timeOf(4),
  })
  expect((await timelines.edits(bob, tea, m(1))).value).toEqual({
    edits: [
      { at: timeOf(2), body: { text: 'one' } },
      { at: timeOf(3), body: { text: 'two' } },
    ],
  })
  expect((await timelines.edits(bob, tea, m(9))).value).toBeUndefined()
  await timelines.close()
})

it('TL6 a deleted message has no edits.', async () => {
  const { started, sent, edited, deleted, asked } = tale()
  started()
  sent('one')
  edited(m(1), 'two')
  deleted(m(1))
  const timelines = await asked()
  expect((await timelines.edits(ada, tea, m(1))).value).toEqual({ edits: [] })
  await timelines.close()
})

it('TL7 an emoji keeps its place for as long as anybody stands by it.', async () => {
  const { started, sent, reacted, unreacted, asked } = tale()
  started()
  sent('one')
  reacted(m(1), '👍', ada)
  reacted(m(1), '🎉', bob)
  reacted(m(1), '👍', cleo)
  reacted(m(1), '👍', cleo)
  unreacted(m(1), '👍', ada)
  const timelines = await asked()
  const shown = async () => (await pageOf(timelines, { limit: 1 })).messages[0]?.reactions
  expect(await shown()).toEqual([
    { emoji: '👍', users: [cleo] },
    { emoji: '🎉', users: [bob] },
  ])
  await timelines.close()
})

it('TL7 an emoji that nobody stood by comes last when it is used again.', async () => {
  const { started, sent, reacted, unreacted, asked } = tale()
  started()
  sent('one')
  reacted(m(1), '👍', ada)
  reacted(m(1), '🎉', bob)
  unreacted(m(1), '👍', ada)
  unreacted(m(1), '👍', ada)
  reacted(m(1), '👍', cleo)
  const timelines = await asked()
  expect((await pageOf(timelines, { limit: 1 })).messages[0]?.reactions).toEqual([
    { emoji: '🎉', users: [bob] },
    { emoji: '👍', users: [cleo] },
  ])
  await timelines.close()
})

it('TL15 what was erased is told as null.', async () => {
  const { started, sent, renamed, asked } = tale()
  started()
  sent(null)
  renamed(null)
  const timelines = await asked()
  expect((await pageOf(timelines, { limit: 1 })).messages).toEqual([
    { id: m(1), revision: 1, sender: ada, sentAt: timeOf(2), body: null, reactions: [] },
  ])
  expect((await timelines.conversation(ada, tea)).value).toMatchObject({ name: null, last: { body: null } })
  expect((await timelines.messageFact(tea, m(1))).value).toMatchObject({ body: null })
  await timelines.close()
})

it('TL1 an outsider, a removed one and one who left are answered as if nothing were there.', async () => {
  const { started, sent, removed, left, asked } = tale()
  started()
  sent('mine', bob)
  removed(bob)
  left(cleo)
  const timelines = await asked()
  for (const user of [eve, bob, cleo, idAt(99)]) {
    const nothing = [
      await timelines.messages(user, tea, { limit: 10 }),
      await timelines.conversation(user, tea),
      await timelines.edits(user, tea, m(1)),
      await timelines.readers(user, tea, m(1)),
      await timelines.events(user, tea, { after: -1, limit: 10 }),
      await timelines.messages(user, adaAndBob, { limit: 10 }),
    ]
    expect(nothing.map(({ value }) => value)).toEqual(nothing.map(() => undefined))
    expect((await timelines.memberships(user)).value).toEqual([])
    expect((await timelines.conversations(user, { limit: 10 })).value).toEqual({ conversations: [], more: false })
    expect((await timelines.backlog(user, [{ conversation: tea, revision: -1 }])).value).toEqual([])
    expect((await timelines.isReadable(user, m(1))).value).toBe(false)
  }
  await timelines.close()
})
