import type { ConversationSummary, PublicEvent, ServerFrame } from '@verbatim/protocol'
import { ada, adasSession, bob, people, tea } from '@verbatim/protocol/examples'
import { createRoot } from 'solid-js'
import { expect, it, onTestFinished } from 'vitest'
import type { Browser, Hearing } from '../connection/browser.ts'
import { memoryOutboxStore } from '../outbox/store.ts'
import { makeApi } from '../session/api.ts'
import { fakeConversation } from '../timeline/conversation.rig.ts'
import { createSync } from './create-sync.ts'

type Asked = { readonly path: string; readonly position: string | null; answer(body: unknown, status?: number): void }

/** Ada's window in a browser that does as it is told: its requests wait until they are answered. */
const opened = () => {
  const requests: Asked[] = []
  const timers: { readonly milliseconds: number; readonly run: () => void }[] = []
  const said: { type: string; resume?: Record<string, number> }[] = []
  let hearing: Hearing | undefined
  const browser: Browser = {
    now: () => 0,
    chance: () => 0,
    random: (into) => into.fill(1),
    after: (milliseconds, run) => {
      const timer = { milliseconds, run }
      timers.push(timer)
      return () => void timers.splice(timers.indexOf(timer), 1)
    },
    connect(hear) {
      hearing = hear
      return { send: (text) => void said.push(JSON.parse(text)), close: () => undefined }
    },
    isOnline: () => true,
    watch: () => () => undefined,
    tabs: () => ({ postMessage: () => undefined, onmessage: null, close: () => undefined }),
    alone: (_, run) => run(),
  }
  const api = makeApi({ current: () => 'token', renew: async () => 'token' }, (path, { headers }) => {
    const position = new Headers(headers).get('x-verbatim-position')
    return new Promise((resolve) => {
      const answer = (body: unknown, status = 200): void =>
        resolve({ status, ok: status === 200, json: async () => body })
      requests.push({ path, position, answer })
    })
  })
  const session = { api, token: async () => 'token', renew: async () => 'token', ended: () => undefined }
  const parts = { session, me: people.ada, store: Promise.resolve(memoryOutboxStore()), browser }
  const { sync, dispose } = createRoot((end) => ({
    sync: createSync({ ...parts, onRefused: () => undefined }),
    dispose: end,
  }))
  onTestFinished(dispose)
  const hear = async (frame: ServerFrame): Promise<void> => {
    hearing?.text(JSON.stringify(frame))
    await turns()
  }
  const answer = async (path: string, body: unknown): Promise<Asked | undefined> => {
    const at = requests.findIndex((one) => one.path.startsWith(path))
    const [asked] = at === -1 ? [] : requests.splice(at, 1)
    asked?.answer(body)
    await turns()
    return asked
  }
  return {
    sync,
    requests,
    said,
    hear,
    answer,
    /** Says `hello`. */
    async connect() {
      hearing?.opened()
      await turns()
    },
    ready: (heads: Record<string, number>, position = '9') =>
      hear({
        type: 'ready',
        user: people.ada,
        session: adasSession,
        log: 'log',
        time: new Date(0).toISOString(),
        position,
        conversations: Object.entries(heads).map(([id, revision]) => ({ id: id as typeof tea, revision })),
      }),
    events: (...events: PublicEvent[]) => hear({ type: 'events', conversation: tea, events }),
    /** What the window reads after each `ready`. */
    async answerLists(...conversations: ConversationSummary[]) {
      await answer('/api/me/friends/request', { incoming: [], outgoing: [] })
      await answer('/api/me/friends', { friends: [] })
      await answer('/api/me/blocked', { users: [] })
      return answer('/api/conversations?', { conversations, more: false })
    },
    async pass(milliseconds: number) {
      for (const timer of timers.filter((one) => one.milliseconds === milliseconds)) {
        timers.splice(timers.indexOf(timer), 1)
        timer.run()
      }
      await turns()
    },
    async close() {
      hearing?.closed(1006)
      await turns()
    },
  }
}

const turns = async (): Promise<void> => {
  for (let n = 0; n < 40; n++) await null
}

it('WB120 reads no less than the heads that it goes on from', async () => {
  const window = opened()
  await window.connect()
  await window.ready({}, '12')
  expect((await window.answerLists())?.position).toBe('12')
})

it('WB120 counts what came while one was away, whatever the socket tells before the page comes', async () => {
  const fake = fakeConversation()
  const window = opened()
  await window.connect()
  await window.ready({ [tea]: 0 })
  await window.answerLists(fake.summary(ada, -1))
  await window.close()
  for (const text of ['one', 'two']) fake.send(bob, text)
  const away = fake.summary(ada, -1)
  await window.pass(250)
  await window.connect()
  await window.ready({ [tea]: fake.head() })
  await window.events(fake.send(bob, 'three'))
  await window.answerLists(away)
  expect(window.sync.conversations.summary(tea)).toMatchObject({ unread: 3, revision: fake.head() })
})

it('WB121 finds open again what one was removed from and added to while away', async () => {
  const fake = fakeConversation()
  const window = opened()
  await window.connect()
  await window.ready({ [tea]: 0 })
  await window.answerLists(fake.summary(ada, -1))
  await window.events(fake.happen(bob, { type: 'MemberRemoved', data: { user: ada } }))
  expect(window.sync.conversations.gone(tea)).toBeDefined()
  await window.close()
  fake.happen(bob, { type: 'MemberAdded', data: { user: ada, n: 0 } })
  await window.pass(250)
  await window.connect()
  await window.ready({ [tea]: fake.head() })
  expect(window.sync.conversations.gone(tea)).toBeUndefined()
})

it('WB121 begins anew with what one was removed from while away, though it was not open', async () => {
  const fake = fakeConversation()
  const window = opened()
  await window.connect()
  await window.ready({ [tea]: 0 })
  await window.answerLists(fake.summary(ada, -1))
  await window.close()
  fake.happen(bob, { type: 'MemberRemoved', data: { user: ada } })
  await window.pass(250)
  await window.connect()
  await window.ready({})
  await window.answerLists()
  await window.events(fake.happen(bob, { type: 'MemberAdded', data: { user: ada, n: 0 } }))
  expect(window.sync.timelines.seen(tea)).toBe(fake.head())
})

it('WB121 goes on where a backlog holds one’s own removal and return', async () => {
  const fake = fakeConversation()
  const window = opened()
  await window.connect()
  await window.ready({ [tea]: 0 })
  await window.answerLists(fake.summary(ada, -1))
  const removed = fake.happen(bob, { type: 'MemberRemoved', data: { user: ada } })
  const added = fake.happen(bob, { type: 'MemberAdded', data: { user: ada, n: 0 } })
  await window.events(removed, added)
  expect(window.sync.conversations.gone(tea)).toBeUndefined()
  expect(window.sync.timelines.seen(tea)).toBe(fake.head())
})

it('WB121 does not take a conversation back that has ended while its page was on the way', async () => {
  const fake = fakeConversation()
  const window = opened()
  await window.connect()
  await window.ready({ [tea]: 0 })
  const before = fake.summary(ada, -1)
  await window.events(fake.happen(bob, { type: 'MemberRemoved', data: { user: ada } }))
  await window.answerLists(before)
  expect(window.sync.conversations.list()).toEqual([])
})

it('WB122 asks again for a conversation that the list does not have yet', async () => {
  const fake = fakeConversation()
  const window = opened()
  await window.connect()
  await window.ready({})
  await window.answerLists()
  const [started] = fake.log
  if (started) await window.events(started)
  await window.answerLists()
  expect(window.requests).toEqual([])
  await window.pass(2_000)
  await window.answerLists(fake.summary(ada, -1))
  expect(window.sync.conversations.summary(tea)).toBeDefined()
})

it('WB123 trusts no page that was asked for before the heads it goes on from', async () => {
  const fake = fakeConversation()
  const window = opened()
  await window.connect()
  void window.sync.timelines.latest(tea)
  const stale = fake.page({ limit: 30 })
  fake.send(bob, 'said meanwhile')
  await window.ready({ [tea]: fake.head() })
  await window.answer(`/api/conversations/${tea}/messages`, stale)
  expect(window.sync.timelines.get(tea)).toBeUndefined()
  const asked = await window.answer(`/api/conversations/${tea}/messages`, fake.page({ limit: 30 }))
  expect(asked?.position).toBe('9')
  expect(window.sync.timelines.get(tea)?.messages).toHaveLength(1)
})

it('WB123 trusts no window that was opened between hello and ready', async () => {
  const fake = fakeConversation()
  const window = opened()
  await window.connect()
  expect(window.said[0]).toMatchObject({ type: 'hello', resume: {} })
  void window.sync.timelines.latest(tea)
  await window.answer(`/api/conversations/${tea}/messages`, fake.page({ limit: 30 }))
  fake.send(bob, 'said meanwhile')
  await window.ready({ [tea]: fake.head() })
  expect(window.sync.timelines.get(tea)).toBeUndefined()
})

it('WB124 reads after a reset what was said since `ready`', async () => {
  const fake = fakeConversation()
  const window = opened()
  await window.connect()
  await window.ready({ [tea]: 0 })
  const missed = fake.send(bob, 'not told live')
  await window.hear({ type: 'events', conversation: tea, events: [], reset: true, position: '20' })
  const asked = await window.answer(`/api/conversations/${tea}/events?after=0`, { events: [missed], more: false })
  expect(asked?.position).toBe('20')
  expect(window.sync.timelines.seen(tea)).toBe(fake.head())
})

it('WB28 leaves a socket that has fallen silent', async () => {
  const window = opened()
  await window.connect()
  await window.ready({})
  await window.pass(25_000)
  expect(window.said.at(-1)).toEqual({ type: 'ping' })
  await window.hear({ type: 'pong' })
  await window.pass(10_000)
  expect(window.sync.connection.state().kind).toBe('ready')
  await window.pass(25_000)
  await window.pass(10_000)
  expect(window.sync.connection.state().kind).toBe('waiting')
})
