import { directConversation, groupId, limits } from '@verbatim/protocol'
import { answers } from '@verbatim/protocol/http'
import { describe, expect, it } from 'vitest'
import { ask } from '../rig/asking.ts'
import { cast, sessionOf, startGateway, tokenOf } from '../rig/rig.ts'

const { ada, bob } = cast
const tea = directConversation(ada.id, bob.id)
const token = tokenOf(ada.id)
const at = <T>(value: T, position = 5) => Promise.resolve({ position, value })

describe('reading', () => {
  it('GW53 waits for the position that a read carries in all the models that it uses, and answers with its own.', async () => {
    const waits: unknown[] = []
    const rig = await startGateway({
      reached: async (...asked) => {
        waits.push(asked)
        return asked[1] < 100
      },
      socialGraph: { people: () => at([bob], 9) },
      timelines: { conversations: () => at({ conversations: [], more: false }, 12) },
    })
    const read = (position: string) =>
      ask(rig.port, 'GET /api/conversations', { token, headers: { 'x-verbatim-position': position } })
    const there = await read('42')
    expect([there.status, there.headers['x-verbatim-position']]).toEqual([200, '9'])
    expect(waits).toEqual([[['timelines', 'social-graph'], 42, limits.readWait]])
    const behind = await read('100')
    expect([behind.status, behind.json]).toEqual([503, { refused: 'behind', retryAfter: 1 }])
    for (const garbage of ['x', '-1', '1e3', '1.5', '1, 2', '9'.repeat(30), ' '])
      expect([garbage, (await read(garbage)).status]).toEqual([garbage, garbage === ' ' ? 200 : 400])
  })

  it('GW54 puts names to what the models know only by id.', async () => {
    const row = { kind: 'direct', name: null, revision: 4, readUpTo: 2, unread: 1 } as const
    const group = { id: groupId(ada.id), kind: 'group', name: 'Tea' } as const
    const rig = await startGateway({
      timelines: {
        conversations: () =>
          at({
            conversations: [
              { ...row, id: tea, peer: bob.id },
              { ...row, ...group },
            ],
            more: true,
            cursor: '4.x',
          }),
        conversation: (_, id) => at({ ...row, id, pins: [bob.id] }),
      },
      socialGraph: {
        conversation: (_, id) =>
          at({
            id,
            kind: 'direct',
            name: null,
            history: 'whole',
            members: [
              { ...ada, role: 'admin' },
              { ...bob, role: 'member' },
            ],
          }),
      },
    })
    const list = await ask(rig.port, 'GET /api/conversations', { token })
    expect(list.json).toEqual({
      conversations: [
        { ...row, id: tea, name: bob.name, peer: bob },
        { ...row, ...group },
      ],
      more: true,
      cursor: '4.x',
    })
    expect(answers.conversations.safeParse(list.json).error).toBeUndefined()
    const details = await ask(rig.port, `GET /api/conversations/${tea}`, { token })
    expect(details.json).toMatchObject({ id: tea, name: bob.name, revision: 4, pins: [bob.id], emojis: [] })
    expect(answers.conversation.safeParse(details.json).error).toBeUndefined()
  })

  it('GW55 asks for the window that the query names, clamped, and refuses two windows and what is no number.', async () => {
    const windows: unknown[] = []
    const rig = await startGateway({
      timelines: {
        messages: (_, __, window) => {
          windows.push(window)
          return at({ messages: [], notices: [] })
        },
        events: (_, __, page) => {
          windows.push(page)
          return at({ events: [], more: false })
        },
      },
    })
    const read = (query: string, what = 'messages') =>
      ask(rig.port, `GET /api/conversations/${tea}/${what}${query}`, { token })
    for (const query of ['', '?before=7&limit=1000', '?after=-1', '?around=3', '?at=2026-01-01T00:00:00Z', '?limit=0'])
      expect((await read(query)).status).toBe(200)
    for (const query of ['', '?after=4&limit=5000']) expect((await read(query, 'events')).status).toBe(200)
    expect(windows).toEqual([
      { limit: 10 },
      { limit: 100, before: 7 },
      { limit: 10, after: -1 },
      { limit: 10, around: 3 },
      { limit: 10, at: Date.UTC(2026, 0, 1) },
      { limit: 1 },
      { after: -1, limit: 500 },
      { after: 4, limit: 1_000 },
    ])
    const bad = [
      '?before=1&after=2',
      '?before=x',
      '?before=',
      '?after=-2',
      '?limit=x',
      '?limit=-1',
      '?at=yesterday',
      '?before=1&before=2',
      '?around=1e3',
      '?before[$gt]=1&before=',
    ]
    for (const query of bad) {
      const answer = await read(query)
      expect([query, answer.status, answer.json]).toEqual([
        query,
        400,
        { refused: 'malformed', detail: expect.any(String) },
      ])
    }
  })

  it("GW56 finds people, and shows one, oneself and what is one's own.", async () => {
    const rig = await startGateway({ socialGraph: { friends: () => at([bob]) } })
    const get = async (path: string) => (await ask(rig.port, `GET ${path}`, { token })).json
    expect(await get('/api/users?query=bob')).toEqual({ users: [bob] })
    expect(await get('/api/users?query=')).toEqual({ users: [] })
    expect(await get('/api/users')).toEqual({ users: [] })
    expect(await get(`/api/users?query=${'x'.repeat(257)}`)).toMatchObject({ refused: 'malformed' })
    expect(await get(`/api/users/${bob.id}`)).toEqual(bob)
    for (const id of [tea, 'x', bob.id.toLowerCase()])
      expect(await get(`/api/users/${id}`)).toEqual({ refused: 'not-found' })
    expect(await get('/api/me')).toEqual({ user: ada })
    expect(await get('/api/me/friends')).toEqual({ friends: [bob] })
    expect(await get('/api/me/friends/request')).toEqual({ incoming: [], outgoing: [] })
    expect(await get('/api/me/preferences')).toMatchObject({ preferences: { contact: 'everyone' } })
    expect(await get('/api/me/sessions')).toEqual({ sessions: [] })
    const own = await ask(rig.port, `DELETE /api/me/sessions/${sessionOf(ada.id)}`, { token })
    const other = await ask(rig.port, `DELETE /api/me/sessions/${sessionOf(bob.id)}`, { token })
    expect([own.status, other.status, other.text]).toEqual([204, 404, '{"refused":"not-found"}'])
  })

  it('GW66 tells whom one has blocked, as of the position that the read carries, and asks about nobody else.', async () => {
    const asked: unknown[] = []
    const rig = await startGateway({
      socialGraph: {
        blocked: (user) => {
          asked.push(user)
          return at([bob], 9)
        },
      },
      reached: async (models, position) => {
        asked.push(models)
        return position <= 42
      },
    })
    const read = (position: string) =>
      ask(rig.port, `GET /api/me/blocked?user=${bob.id}`, { token, headers: { 'x-verbatim-position': position } })
    const { status, json, headers } = await read('42')
    expect([status, json, headers['x-verbatim-position']]).toEqual([200, { users: [bob] }, '9'])
    expect(answers.people.safeParse(json).error).toBeUndefined()
    expect(asked).toEqual([['social-graph'], ada.id])
    expect(await read('43')).toMatchObject({ status: 503, json: { refused: 'behind' } })
    expect(asked).toHaveLength(3)
  })

  it('GW56 waits for oneself who registered a moment ago, and says behind rather than nobody.', async () => {
    let known = false
    const rig = await startGateway({
      socialGraph: { me: () => at(known ? ada : undefined) },
      reached: async () => {
        known = true
        return true
      },
    })
    expect(await ask(rig.port, 'GET /api/me', { token })).toMatchObject({ status: 200, json: { user: ada } })
    const never = await startGateway({ socialGraph: { me: () => at(undefined) } })
    expect(await ask(never.port, 'GET /api/me', { token })).toMatchObject({ status: 503, json: { refused: 'behind' } })
  })
})
