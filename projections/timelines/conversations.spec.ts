import { ada, adaAndBob, bob, cleo, eve, hello, tea } from '@verbatim/protocol/examples'
import { expect, it } from 'vitest'
import { chronicle, happenings, m, reading, tale, timeOf } from './timelines.examples.ts'

it('TL8 unread counts what came after the read mark, and one’s own message is read.', async () => {
  const { started, sent, read, asked } = tale()
  started()
  sent('1')
  sent('2')
  sent('3', bob)
  read(cleo, 2, 2)
  sent('4')
  const timelines = await asked()
  const of = async (user: typeof ada) => {
    const { value } = await timelines.conversation(user, tea)
    return [value?.unread, value?.readUpTo]
  }
  expect(await of(ada)).toEqual([0, 4])
  expect(await of(bob)).toEqual([1, 3])
  expect(await of(cleo)).toEqual([2, 2])
  await timelines.close()
})

it('TL8 who has read nothing has everything unread, from −1.', async () => {
  const { started, sent, asked } = tale()
  started()
  sent('1')
  sent('2')
  const timelines = await asked()
  expect((await timelines.conversation(bob, tea)).value).toMatchObject({ unread: 2, readUpTo: -1 })
  await timelines.close()
})

it('TL8 a new member starts where he joined, and again when he joins again.', async () => {
  const { started, sent, added, removed, asked } = tale()
  started([ada, bob])
  sent('1')
  sent('2')
  added(eve)
  sent('3')
  const timelines = await asked()
  expect((await timelines.conversation(eve, tea)).value).toMatchObject({ unread: 1, readUpTo: -1 })
  removed(eve)
  sent('4')
  added(eve)
  await timelines.reached()
  expect((await timelines.conversation(eve, tea)).value).toMatchObject({ unread: 0 })
  await timelines.close()
})

it('TL8 an older mark does not take back a newer one, in whichever order they come.', async () => {
  const { started, sent, read, asked } = tale()
  started()
  sent('1')
  sent('2')
  read(bob, 2, 2)
  sent('3', bob)
  read(bob, 1, 1)
  const timelines = await asked()
  expect((await timelines.conversation(bob, tea)).value).toMatchObject({ unread: 0, readUpTo: 3 })
  await timelines.close()
})

it('TL9 readers are the members whose mark is there or beyond, first readers first, without the sender.', async () => {
  const { started, sent, read, left, asked } = tale()
  started([ada, bob, cleo, eve])
  sent('1')
  read(cleo, 1, 1)
  sent('2')
  read(bob, 2, 2)
  read(eve, 2, 2)
  left(eve)
  const timelines = await asked()
  expect((await timelines.readers(ada, tea, m(1))).value).toEqual({
    readers: [
      { user: cleo, revision: 1, at: timeOf(3) },
      { user: bob, revision: 2, at: timeOf(5) },
    ],
  })
  expect((await timelines.readers(bob, tea, m(2))).value).toEqual({
    readers: [{ user: bob, revision: 2, at: timeOf(5) }],
  })
  expect((await timelines.readers(bob, tea, hello)).value).toBeUndefined()
  await timelines.close()
})

it('TL10 the latest activity is first, and reactions, edits and reading are none.', async () => {
  const written = chronicle()
  const group = happenings(written.record)
  const direct = happenings(written.record, adaAndBob)
  group.started()
  direct.opened()
  group.sent('in the group')
  direct.sent('between us', bob)
  group.reacted(m(1), '👍')
  group.edited(m(1), 'in the group!')
  group.read(bob, 1, 1)
  const timelines = await reading(written.log)
  const listed = async () => (await timelines.conversations(ada, { limit: 10 })).value.conversations.map(({ id }) => id)
  expect(await listed()).toEqual([adaAndBob, tea])
  group.renamed('Coffee')
  await timelines.reached()
  expect(await listed()).toEqual([tea, adaAndBob])
  await timelines.close()
})

it('TL10 a row tells kind, name or peer, head, mark, unread and the last message.', async () => {
  const written = chronicle()
  const group = happenings(written.record)
  const direct = happenings(written.record, adaAndBob)
  direct.opened()
  direct.sent('between us', bob)
  group.started()
  const timelines = await reading(written.log)
  expect((await timelines.conversations(ada, { limit: 10 })).value).toEqual({
    conversations: [
      { id: tea, kind: 'group', name: 'Tea', revision: 0, readUpTo: -1, unread: 0 },
      {
        id: adaAndBob,
        kind: 'direct',
        name: null,
        peer: bob,
        revision: 1,
        readUpTo: -1,
        unread: 1,
        last: { id: m(1), revision: 1, sender: bob, sentAt: timeOf(2), body: { text: 'between us' }, reactions: [] },
      },
    ],
    more: false,
  })
  expect((await timelines.memberships(ada)).value).toEqual([
    { conversation: tea, revision: 0 },
    { conversation: adaAndBob, revision: 1 },
  ])
  await timelines.close()
})

it('TL10 a cursor, or the last id, continues the list; what is neither continues nothing.', async () => {
  const written = chronicle()
  const group = happenings(written.record)
  const direct = happenings(written.record, adaAndBob)
  direct.opened()
  group.started()
  const timelines = await reading(written.log)
  const page = async (before?: string) =>
    (await timelines.conversations(ada, before === undefined ? { limit: 1 } : { before, limit: 1 })).value
  const first = await page()
  expect(first).toMatchObject({ conversations: [{ id: tea }], more: true })
  expect(await page(first.cursor)).toMatchObject({ conversations: [{ id: adaAndBob }], more: false })
  expect(await page(tea)).toMatchObject({ conversations: [{ id: adaAndBob }], more: false })
  for (const cursor of ['', '-1', '1e9', "1' OR 1", '0', eve, '99999999999999999999'])
    expect(await page(cursor)).toEqual({ conversations: [], more: false })
  // A conversation that is not one's own tells nothing of when something happened in it.
  expect((await timelines.conversations(cleo, { before: adaAndBob, limit: 1 })).value.conversations).toEqual([])
  await timelines.close()
})

it('TL14 pins stand in the order of pinning, and go when they are unpinned.', async () => {
  const { started, sent, pinned, unpinned, asked } = tale()
  started()
  sent('1')
  sent('2')
  sent('3')
  pinned(m(3))
  pinned(m(1))
  pinned(m(2))
  pinned(m(3))
  unpinned(m(1))
  const timelines = await asked()
  expect((await timelines.conversation(ada, tea)).value?.pins).toEqual([m(3), m(2)])
  await timelines.close()
})

it('TL16 a decider gets what a message says, or said last before it was deleted.', async () => {
  const { started, sent, edited, reacted, deleted, asked } = tale()
  started()
  sent('one', bob)
  edited(m(1), 'two', bob)
  reacted(m(1), '👍', cleo)
  const timelines = await asked()
  const fact = { message: m(1), sender: bob, revision: 1, body: { text: 'two' } }
  const reactions = [{ emoji: '👍', users: [cleo] }]
  expect(await timelines.messageFact(tea, m(1))).toEqual({ position: 4, value: { ...fact, reactions } })
  deleted(m(1), ada)
  await timelines.reached()
  expect((await timelines.messageFact(tea, m(1))).value).toEqual({
    ...fact,
    reactions,
    deleted: { by: ada, at: Date.parse(timeOf(5)) },
  })
  expect((await timelines.messageFact(tea, m(2))).value).toBeUndefined()
  expect((await timelines.messageFact(adaAndBob, m(1))).value).toBeUndefined()
  await timelines.close()
})

it('TL16 a message may be read by members, not before their joining, and not when it was deleted.', async () => {
  const { started, sent, added, deleted, asked } = tale()
  started([ada, bob], 'since-joining')
  sent('1')
  added(cleo)
  sent('2')
  sent('3')
  deleted(m(3))
  const timelines = await asked()
  const readable = async (user: typeof ada) => {
    const answers = await Promise.all([1, 2, 3, 4].map((n) => timelines.isReadable(user, m(n))))
    return answers.map(({ value }) => value)
  }
  expect(await readable(bob)).toEqual([true, true, false, false])
  expect(await readable(cleo)).toEqual([false, true, false, false])
  expect(await readable(eve)).toEqual([false, false, false, false])
  await timelines.close()
})
