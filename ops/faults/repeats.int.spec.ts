import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ConversationId } from '@verbatim/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordingClient } from './client.ts'
import { accepted } from './load.ts'
import { type Account, command, get, register, ulid } from './person.ts'
import { type Server, startServer } from './server.ts'

const data = mkdtempSync(join(tmpdir(), 'verbatim-repeats-'))
let server: Server
const restart = async () => {
  await server.kill()
  server = await startServer({ data, port: server.port })
}
let ada: Account
let bob: Account
const groupOf = async (first: Account, ...others: Account[]): Promise<ConversationId> => {
  const members = others.map(({ id }) => id)
  const fields = { type: 'StartGroup', conversation: ulid(), name: 'Tea', members }
  return (await accepted(server.base, first, fields)).conversation
}

beforeAll(async () => {
  server = await startServer({ data })
  ada = await register(server.base, 'ada')
  bob = await register(server.base, 'bob')
})
afterAll(async () => {
  await server.kill()
  rmSync(data, { recursive: true, force: true })
})

describe('a command that is sent again', () => {
  it('OP13 has the identical answer after a restart, and other content under its id is refused', async () => {
    const conversation = ulid()
    const sent = [
      { id: ulid(), type: 'RequestFriend', user: bob.id },
      { id: ulid(), type: 'OpenDirect', user: bob.id },
      { id: ulid(), type: 'StartGroup', conversation, name: 'Tea', members: [bob.id] },
      { id: ulid(), type: 'Rename', conversation, name: 'Tea at noon' },
      { id: ulid(), type: 'SendMessage', conversation, body: { text: 'hello' } },
      { id: ulid(), type: 'ChangeProfile', name: 'Ada the first' },
    ]
    const before = []
    for (const fields of sent) before.push(await accepted(server.base, ada, fields))
    await restart()
    for (const [n, fields] of sent.entries()) expect(await accepted(server.base, ada, fields)).toEqual(before[n])
    const other = { ...sent[4], type: 'SendMessage', body: { text: 'something else' } }
    expect(await command(server.base, ada, other)).toMatchObject({ status: 409, body: { refused: 'id-reused' } })
    expect(await command(server.base, bob, { ...sent[4], type: 'SendMessage' })).toMatchObject({ status: 409 })
  })

  it('OP14 has the identical answer for a sender who was removed meanwhile, before and after a restart', async () => {
    const conversation = await groupOf(ada, bob)
    const fields = { id: ulid(), type: 'SendMessage', conversation, body: { text: 'my last word' } }
    const answer = await accepted(server.base, bob, fields)
    await accepted(server.base, ada, { type: 'RemoveMember', conversation, user: bob.id })
    expect(await accepted(server.base, bob, fields)).toEqual(answer)
    await restart()
    expect(await accepted(server.base, bob, fields)).toEqual(answer)
    const fresh = { type: 'SendMessage', conversation, body: { text: 'one more' } }
    expect(await command(server.base, bob, fresh)).toMatchObject({ status: 404, body: { refused: 'not-found' } })
    expect(await get(server.base, `/api/conversations/${conversation}/messages`, bob)).toMatchObject({ status: 404 })
  })

  it('OP15 has the identical answer when its id fell out of the window, with and without a restart', async () => {
    const conversation = await groupOf(ada, bob)
    const fields = { id: ulid(), type: 'SendMessage', conversation, body: { text: 'the first of many' } }
    const answer = await accepted(server.base, ada, fields)
    const client = recordingClient({ name: 'ada', base: () => server.base, token: () => ada.token })
    await client.until('ready', () => client.frames.some(({ type }) => type === 'ready'))
    for (let batch = 0; batch < 20; batch++) {
      const sends = Array.from({ length: 250 }, (_, n) => ({
        id: ulid(),
        type: 'SendMessage',
        conversation,
        body: { text: `${batch} ${n}` },
      }))
      const answers = await Promise.all(sends.map((send) => client.send(send)))
      expect(answers.every(({ type }) => type === 'ack')).toBe(true)
    }
    expect(await accepted(server.base, ada, fields)).toEqual(answer)
    await restart()
    expect(await accepted(server.base, ada, fields)).toEqual(answer)
    expect(await command(server.base, ada, { ...fields, body: { text: 'forged' } })).toMatchObject({ status: 409 })
    const head = await accepted(server.base, ada, { type: 'SendMessage', conversation, body: { text: 'the last' } })
    expect(head.revision).toBe(answer.revision + 20 * 250 + 1)
    client.close()
  })

  it('OP16 twenty copies at once, half of them over another socket, are one message', async () => {
    const conversation = await groupOf(ada, bob)
    const fields = { id: ulid(), type: 'SendMessage', conversation, body: { text: 'once' } }
    const answers = await Promise.all(Array.from({ length: 20 }, () => accepted(server.base, ada, fields)))
    for (const answer of answers) expect(answer).toEqual(answers[0])
    const next = await accepted(server.base, ada, { type: 'SendMessage', conversation, body: { text: 'next' } })
    expect(next.revision).toBe((answers[0]?.revision ?? Number.NaN) + 1)
  })
})

describe('a member who is removed', () => {
  it('OP17 gets his removal and nothing after it, not even of the same commit', async () => {
    const conversation = await groupOf(ada, bob)
    const [a, b] = [ada, bob].map(({ handle, token }) =>
      recordingClient({ name: handle, base: () => server.base, token: () => token }),
    )
    if (!a || !b) throw new Error('two clients were started')
    for (const client of [a, b]) await client.until('ready', () => client.frames.some(({ type }) => type === 'ready'))
    for (let round = 0; round < 30; round++) {
      const [before, secret] = [ulid(), ulid()]
      // All leave in one turn, so that they are decided and committed together.
      const sends = [
        { id: before, type: 'SendMessage', conversation, body: { text: `for both ${round}` } },
        { id: ulid(), type: 'RemoveMember', conversation, user: bob.id },
        { id: secret, type: 'SendMessage', conversation, body: { text: `secret ${round}` } },
      ].map((fields) => a.send(fields))
      const [, removal, last] = await Promise.all(sends)
      if (removal?.type !== 'ack' || last?.type !== 'ack') throw new Error(`round ${round} was refused`)
      await b.until('the removal', () => b.seen.get(conversation) === removal.revision)
      const back = { id: ulid(), type: 'SendMessage', conversation, body: { text: 'let me in' } }
      expect(await b.send(back)).toMatchObject({ type: 'refused', reason: 'not-found' })
      expect(b.seen.get(conversation)).toBe(removal.revision)
      expect(JSON.stringify(b.frames)).not.toContain(`secret ${round}`)
      // Whoever comes back may read the history; the frames of this round are judged before that.
      await a.send({ id: ulid(), type: 'AddMember', conversation, user: bob.id })
      await b.until('the joining', () => (b.seen.get(conversation) ?? 0) > last.revision)
    }
    expect(b.frames.filter(({ type }) => type === 'refused')).toHaveLength(30)
    for (const client of [a, b]) client.close()
  })
})
