import { conversationStream, limits } from '@verbatim/protocol'
import { ada, adaAndBob, bob, cleo, eve, idAt, tea } from '@verbatim/protocol/examples'
import { expect, it } from 'vitest'
import type { Backlog } from './port.ts'
import { chronicle, happenings, m, reading, tale, timeOf } from './timelines.examples.ts'
import { timelines as table } from './timelines.ts'

const revisions = (backlog: Backlog | undefined) => backlog?.events.map((json) => JSON.parse(json).revision)

it('TL12 events stand as clients hear them live, after a revision and up to a limit.', async () => {
  const { started, sent, renamed, asked, events } = tale()
  started()
  sent('Hello', bob)
  renamed('Coffee')
  const timelines = await asked()
  expect(await timelines.events(cleo, tea, { after: 0, limit: 1 })).toEqual({
    position: 3,
    value: {
      events: [
        {
          revision: 1,
          type: 'MessageSent',
          id: events[1]?.id,
          actor: bob,
          at: timeOf(2),
          data: { message: m(1), n: 1, body: { text: 'Hello' } },
        },
      ],
      more: true,
    },
  })
  expect((await timelines.events(cleo, tea, { after: -1, limit: 1_000_000 })).value).toMatchObject({ more: false })
  expect((await timelines.events(cleo, tea, { after: 2, limit: 10 })).value).toEqual({ events: [], more: false })
  expect((await timelines.events(cleo, tea, { after: 1e12, limit: 10 })).value).toEqual({ events: [], more: false })
  await timelines.close()
})

it('TL12 an event that the model does not have yet is not told.', async () => {
  const { started, sent, asked, log, record } = tale()
  started()
  sent('in the model')
  const timelines = await asked()
  await timelines.close()
  const late = await reading(log, {
    ...table,
    on: {
      ...table.on,
      GroupRenamed: () => {
        throw new Error('not today')
      },
    },
  })
  record(conversationStream(tea), 'GroupRenamed', { name: 'Coffee' }, ada)
  await late.reached()
  const { value } = await late.events(ada, tea, { after: -1, limit: 10 })
  expect(value?.events.map(({ revision }) => revision)).toEqual([0, 1])
  expect(value?.more).toBe(false)
  await late.close()
})

it('TL12 the text of what was deleted since is in none of the three events that carried it.', async () => {
  const { started, sent, edited, deleted, restored, asked } = tale()
  started()
  sent('secret')
  sent('kept')
  edited(m(1), 'secret too')
  deleted(m(1))
  restored(m(1), 'secret too')
  const timelines = await asked()
  const told = async () => (await timelines.events(bob, tea, { after: 0, limit: 10 })).value?.events
  expect(JSON.stringify(await told())).toContain('secret')
  deleted(m(1))
  await timelines.reached()
  expect((await told())?.map(({ type, data }) => [type, data])).toEqual([
    ['MessageSent', { message: m(1), n: 1, body: null, deleted: true }],
    ['MessageSent', { message: m(2), n: 2, body: { text: 'kept' } }],
    ['MessageEdited', { message: m(1), body: null, deleted: true }],
    ['MessageDeleted', { message: m(1) }],
    ['MessageRestored', { message: m(1), body: null, deleted: true }],
    ['MessageDeleted', { message: m(1) }],
  ])
  await timelines.close()
})

it('TL12 who is removed, or whose message is deleted, while the log is read, is answered as of then.', async () => {
  const { started, sent, deleted, removed, log } = tale()
  started()
  sent('secret')
  let meanwhile = async (): Promise<void> => {}
  const timelines = await reading({
    ...log,
    read: async (...page) => {
      const events = await log.read(...page)
      await meanwhile()
      return events
    },
  })
  meanwhile = async () => {
    deleted(m(1))
    await timelines.reached()
  }
  expect(JSON.stringify(await timelines.events(bob, tea, { after: -1, limit: 10 }))).not.toContain('secret')
  meanwhile = async () => {
    removed(bob)
    await timelines.reached()
  }
  expect((await timelines.events(bob, tea, { after: -1, limit: 10 })).value).toBeUndefined()
  await timelines.close()
})

it('TL13 a backlog holds what was missed, and nothing of what is not one’s own.', async () => {
  const written = chronicle()
  const group = happenings(written.record)
  const direct = happenings(written.record, adaAndBob)
  group.started()
  direct.opened()
  group.sent('1')
  direct.sent('2', bob)
  const timelines = await reading(written.log)
  const seen = [
    { conversation: tea, revision: 0 },
    { conversation: adaAndBob, revision: -1 },
  ]
  const { value } = await timelines.backlog(ada, seen)
  expect(value).toMatchObject([
    { conversation: tea, reset: false, revision: 1 },
    { conversation: adaAndBob, reset: false, revision: 1 },
  ])
  expect(value.map(revisions)).toEqual([[1], [0, 1]])
  expect((await timelines.backlog(cleo, seen)).value.map(({ conversation }) => conversation)).toEqual([tea])
  expect((await timelines.backlog(eve, seen)).value).toEqual([])
  expect((await timelines.backlog(ada, [{ conversation: tea, revision: 1 }])).value).toEqual([
    { conversation: tea, events: [], reset: false, revision: 1 },
  ])
  await timelines.close()
})

it('TL13 more than a thousand events are too much, a thousand are not.', async () => {
  const { started, sent, asked } = tale()
  started()
  for (let n = 0; n < limits.resume.events; n++) sent(`${n}`)
  const timelines = await asked()
  const resume = async (revision: number) => (await timelines.backlog(ada, [{ conversation: tea, revision }])).value[0]
  expect(await resume(-1)).toEqual({ conversation: tea, events: [], reset: true, revision: 1_000 })
  expect((await resume(0))?.events).toHaveLength(1_000)
  expect((await resume(0))?.reset).toBe(false)
  await timelines.close()
})

it('TL13 more than 512 KiB are too much.', async () => {
  const { started, sent, asked } = tale()
  started()
  for (let n = 0; n < 70; n++) sent('x'.repeat(8_000))
  const timelines = await asked()
  const resume = async (revision: number) => (await timelines.backlog(ada, [{ conversation: tea, revision }])).value[0]
  expect(await resume(0)).toMatchObject({ events: [], reset: true })
  expect(await resume(10)).toMatchObject({ reset: false })
  await timelines.close()
})

it('TL13 beyond the two hundredth conversation, what was missed is too much.', async () => {
  const written = chronicle()
  const seen = Array.from({ length: 202 }, (_, n) => {
    const conversation = idAt(5_000 + n) as string as typeof tea
    happenings(written.record, conversation).started()
    return { conversation, revision: n === 201 ? 0 : -1 }
  })
  const timelines = await reading(written.log)
  const { value } = await timelines.backlog(ada, seen)
  expect(value.map(({ reset }) => reset)).toEqual([...Array(200).fill(false), true, false])
  await timelines.close()
})

it('TL13 a number from ahead of the log is reset, one that only the model has not reached is not.', async () => {
  const { started, sent, log } = tale()
  started()
  const timelines = await reading(log)
  await timelines.close()
  const behind = await reading({ ...log, follow: () => ({ ended: new Promise(() => {}), close: async () => {} }) })
  sent('not in the model')
  const resume = async (revision: number) => (await behind.backlog(ada, [{ conversation: tea, revision }])).value[0]
  expect(await resume(1)).toEqual({ conversation: tea, events: [], reset: false, revision: 0 })
  expect(await resume(2)).toEqual({ conversation: tea, events: [], reset: true, revision: 0 })
  await behind.close()
})

it('TL18 behind an event that is set aside the conversation ends, and the others go on.', async () => {
  const written = chronicle()
  const group = happenings(written.record)
  const direct = happenings(written.record, adaAndBob)
  group.started()
  group.sent('before')
  const broken = written.record(
    conversationStream(tea),
    'MessageSent',
    { message: m(9), n: 2, body: { text: 'x' } },
    ada,
  )
  group.renamed('After')
  group.read(bob, 1, 1)
  direct.opened()
  direct.sent('elsewhere')
  const timelines = await reading(written.log, {
    ...table,
    on: {
      ...table.on,
      MessageSent: (event) => {
        if (event.position === broken.position) throw new Error('poison')
        return table.on.MessageSent === 'ignored' ? [] : table.on.MessageSent(event)
      },
    },
  })
  const { value } = await timelines.messages(ada, tea, { limit: 10 })
  expect(value).toMatchObject({ messages: [{ id: m(1) }], notices: [{ revision: 0 }], more: false })
  expect((await timelines.conversation(bob, tea)).value).toMatchObject({ revision: 1, unread: 0, name: 'Tea' })
  expect((await timelines.backlog(ada, [{ conversation: tea, revision: -1 }])).value.map(revisions)).toEqual([[0, 1]])
  expect((await timelines.messages(ada, adaAndBob, { limit: 10 })).value?.messages).toHaveLength(1)
  await timelines.close()
})

it('TL18 what stands in one batch with a write that fails is written all the same.', async () => {
  const written = chronicle()
  const group = happenings(written.record)
  const direct = happenings(written.record, adaAndBob)
  group.started()
  group.sent('one', bob)
  direct.opened()
  // The id of a message that is there already: the write fails, after keys were given to new ids in its transaction.
  written.record(conversationStream(tea), 'MessageSent', { message: m(1), n: 2, body: { text: 'twice' } }, eve)
  direct.sent('two', bob)
  const timelines = await reading(written.log)
  expect((await timelines.conversations(ada, { limit: 10 })).value.conversations).toMatchObject([
    { id: adaAndBob, peer: bob, revision: 1, unread: 1, last: { body: { text: 'two' } } },
    { id: tea, name: 'Tea', revision: 1, unread: 1, last: { body: { text: 'one' } } },
  ])
  expect((await timelines.conversation(bob, tea)).value).toMatchObject({ unread: 0, readUpTo: 1 })
  await timelines.close()
})
