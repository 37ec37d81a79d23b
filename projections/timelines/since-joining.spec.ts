import { ada, bob, cleo, tea } from '@verbatim/protocol/examples'
import { expect, it } from 'vitest'
import { m, tale } from './timelines.examples.ts'

/** 0 started, 1 "secret 1", 2 renamed, 3 pinned, 4 Cleo added, 5 answer to m1, 6 "after", 7 edit of m1, 8 restored m1. */
const joinedLate = () => {
  const told = tale()
  const { started, sent, renamed, pinned, added, edited, restored, reacted, read } = told
  started([ada, bob], 'since-joining')
  sent('secret 1')
  renamed('secret name')
  pinned(m(1))
  added(cleo)
  sent('answer', bob, m(1))
  sent('after', ada, m(2))
  edited(m(1), 'secret edit')
  restored(m(1), 'secret again')
  reacted(m(1), '👍')
  read(cleo, 5, 2)
  return told
}

it('TL11 nothing from before the joining is in any answer, and the joining itself is.', async () => {
  const timelines = await joinedLate().asked()
  const page = await timelines.messages(cleo, tea, { limit: 10 })
  expect(page.value?.messages.map(({ id }) => id)).toEqual([m(2), m(3)])
  expect(page.value?.notices.map(({ revision }) => revision)).toEqual([4])
  expect(page.value?.more).toBe(false)
  expect((await timelines.messages(cleo, tea, { after: -1, limit: 10 })).value?.notices).toHaveLength(1)
  expect((await timelines.messages(cleo, tea, { around: 1, limit: 1 })).value).toMatchObject({
    messages: [{ id: m(2) }],
    moreBefore: false,
  })
  expect((await timelines.messages(cleo, tea, { at: 0, limit: 1 })).value?.messages).toMatchObject([{ id: m(2) }])
  expect((await timelines.messages(cleo, tea, { before: 4, limit: 10 })).value).toEqual({
    messages: [],
    notices: [],
    more: false,
  })
  expect((await timelines.conversation(cleo, tea)).value).toMatchObject({ pins: [], unread: 1, readUpTo: 5 })
  expect((await timelines.edits(cleo, tea, m(1))).value).toBeUndefined()
  expect((await timelines.readers(cleo, tea, m(1))).value).toBeUndefined()
  const events = await timelines.events(cleo, tea, { after: -1, limit: 100 })
  expect(events.value?.events.map(({ revision }) => revision)).toEqual([4, 5, 6, 7, 8, 9])
  const backlog = await timelines.backlog(cleo, [{ conversation: tea, revision: -1 }])
  expect(backlog.value[0]?.events).toHaveLength(6)
  expect(JSON.stringify([page, events, backlog])).not.toContain('secret')
  await timelines.close()
})

it('TL20 who joined anew is told to read afresh, and who knows nothing gets what is his.', async () => {
  const timelines = await joinedLate().asked()
  const resumed = async (revision: number) => (await timelines.backlog(cleo, [{ conversation: tea, revision }])).value
  expect(await resumed(2)).toMatchObject([{ events: [], reset: true, revision: 9 }])
  expect(await resumed(3)).toMatchObject([{ reset: false, revision: 9 }])
  expect((await resumed(3))[0]?.events).toHaveLength(6)
  await timelines.close()
})

it('TL11 an answer to something from before the joining is told without what it answers.', async () => {
  const timelines = await joinedLate().asked()
  const { value } = await timelines.messages(cleo, tea, { limit: 10 })
  expect(value?.messages[0]).toMatchObject({ body: { text: 'answer' } })
  expect(value?.messages[0]).not.toHaveProperty('replyTo')
  expect(value?.messages[0]?.body).not.toHaveProperty('replyTo')
  expect(value?.messages[1]).toMatchObject({ replyTo: m(2), body: { replyTo: m(2) } })
  const { value: page } = await timelines.events(cleo, tea, { after: 4, limit: 2 })
  expect(page?.events.map(({ data }) => data)).toEqual([
    { message: m(2), n: 2, body: { text: 'answer' } },
    { message: m(3), n: 3, body: { text: 'after', replyTo: m(2) } },
  ])
  await timelines.close()
})

it('TL11 who was there from the start sees all of it.', async () => {
  const timelines = await joinedLate().asked()
  const { value } = await timelines.messages(bob, tea, { limit: 10 })
  expect(value?.messages[0]).toMatchObject({ id: m(1), body: { text: 'secret again' } })
  expect(value?.messages[1]).toMatchObject({ replyTo: m(1) })
  expect(value?.notices.map(({ revision }) => revision)).toEqual([0, 2, 3, 4])
  expect((await timelines.conversation(bob, tea)).value?.pins).toEqual([m(1)])
  await timelines.close()
})

it('TL11 the newest joining counts: who comes back does not see what he once saw.', async () => {
  const { started, sent, read, removed, added, asked } = tale()
  started([ada, bob], 'since-joining')
  sent('once seen')
  read(bob, 1, 1)
  removed(bob)
  sent('missed')
  added(bob)
  const timelines = await asked()
  expect((await timelines.messages(bob, tea, { limit: 10 })).value?.messages).toEqual([])
  const { value } = await timelines.conversation(bob, tea)
  expect(value).toMatchObject({ unread: 0, readUpTo: -1 })
  expect(value).not.toHaveProperty('last')
  await timelines.close()
})

it('TL11 of two joinings without a leaving between, the newer counts.', async () => {
  const { started, sent, added, asked } = tale()
  started([ada, bob], 'since-joining')
  sent('before')
  added(bob)
  const timelines = await asked()
  expect((await timelines.messages(bob, tea, { limit: 10 })).value?.messages).toEqual([])
  expect((await timelines.conversation(bob, tea)).value).toMatchObject({ unread: 0 })
  await timelines.close()
})

it('TL11 with the whole history a new member sees all of it.', async () => {
  const { started, sent, added, asked } = tale()
  started([ada, bob], 'whole')
  sent('before')
  added(cleo)
  const timelines = await asked()
  expect((await timelines.messages(cleo, tea, { limit: 10 })).value?.messages).toHaveLength(1)
  expect((await timelines.conversation(cleo, tea)).value).toMatchObject({ unread: 0, last: { id: m(1) } })
  await timelines.close()
})
