import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ConversationId } from '@verbatim/protocol'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chanceOf, gather, keepSending, type Sender } from '../faults/load.ts'
import { get, password, post } from '../faults/person.ts'
import { recorder } from '../faults/recorder.ts'
import { type Server, startServer } from '../faults/server.ts'
import { acts, askCli, freshFolder, runCli, startCli } from './cli.rig.ts'

const folder = freshFolder()
const record = recorder()
let server: Server
let people: Sender[]
let ada: Sender
let bob: Sender
let tea: ConversationId
beforeAll(async () => {
  server = await startServer({ data: folder })
  people = await gather(server.base, ['ada', 'bob', 'cleo', 'dan'], record)
  const [first, second] = people
  if (!first?.conversations[0] || !second) throw new Error('nobody came')
  ada = first
  bob = second
  tea = first.conversations[0]
})
afterAll(async () => {
  for (const { client } of people ?? []) client.close()
  await server?.kill()
})
/** Everybody sends while `work` is under way; answers what it gave, and how many were acknowledged. */
const underLoad = async <T>(work: () => Promise<T>): Promise<{ done: T; acknowledged: number }> => {
  let going = true
  const load = people.map((person, n) =>
    keepSending(person, { chance: chanceOf(n), window: 8, going: () => going, recorder: record }),
  )
  await new Promise((resolve) => setTimeout(resolve, 200))
  try {
    const done = await work()
    going = false
    return { done, acknowledged: (await Promise.all(load)).reduce((sum, count) => sum + count, 0) }
  } finally {
    going = false
    await Promise.all(load)
  }
}
const headOf = async (): Promise<number> => (await askCli(folder, 'status')).found.log.head

describe('beside a running server', () => {
  it('OP40 and OP51 status tells the process and how far each model is', async () => {
    const { code, found } = await askCli(folder, 'status')
    expect(code).toBe(0)
    expect(found.server).toMatchObject({ port: server.port, pid: expect.any(Number) })
    for (const model of found.models) expect(model).toMatchObject({ state: 'live', parkedEvents: 0 })
    expect((await runCli(folder, ['status'])).out).toMatch(/^server {2}pid \d+ on port \d+/m)
  })

  it('OP40 and OP49 of a server that hangs status and doctor tell within seconds what they can, and what to do', async () => {
    const { pid } = (await askCli(folder, 'status')).found.server
    server.pause()
    const began = performance.now()
    const [status, told, doctor] = await Promise.all([
      runCli(folder, ['status']),
      askCli(folder, 'status'),
      runCli(folder, ['doctor'], '', { PORT: `${server.port}`, HOST: '127.0.0.1' }),
    ]).finally(() => server.goOn())
    expect(performance.now() - began).toBeLessThan(10_000)
    expect(status.code).toBe(4)
    expect(status.out).toContain(`server  pid ${pid} does not answer: npx verbatim doctor\n`)
    expect(status.out).toMatch(/^log {5}\S+, head \d+/m)
    expect(status.out).toMatch(/^timelines +v1 +\d+ +\d+ +not told/m)
    expect(told).toMatchObject({ code: 4, found: { server: null, silent: { pid, connected: true } } })
    expect(doctor.code).toBe(1)
    expect(doctor.out).toMatch(new RegExp(`^wrong  server +pid ${pid} does not answer.*\n +do: .*kill ${pid}`, 'm'))
    expect(doctor.out).toMatch(new RegExp(`^look   port +${server.port} is in use`, 'm'))
    expect((await askCli(folder, 'status')).found).not.toHaveProperty('silent')
  })

  it('OP41 replay follows what is said, and ends with Ctrl-C', async () => {
    const following = startCli(folder, [
      'replay',
      '--follow',
      '--type',
      'MessageSent',
      '--after',
      `${await headOf()}`,
      '--json',
    ])
    await underLoad(() => new Promise((resolve) => setTimeout(resolve, 1_000)))
    // The head may be a snapshot: what is followed is messages.
    const sent = ['replay', '--type', 'MessageSent', '--after', `${(await headOf()) - 500}`, '--json']
    const { out: newest } = await runCli(folder, sent)
    const last = Number(JSON.parse(newest.trim().split('\n').at(-1) ?? '').position)
    await bob.client.until('the CLI to catch up', () => following.out().includes(`"position":${last},`))
    following.interrupt()
    const { code, out } = await following.ended
    expect(code).toBe(0)
    const positions = out
      .trim()
      .split('\n')
      .map((line) => Number(JSON.parse(line).position))
    expect(positions).toEqual([...positions].sort((one, other) => one - other))
    expect(new Set(positions).size).toBe(positions.length)
    const { out: again } = await runCli(folder, [
      'replay',
      '--type',
      'MessageSent',
      '--after',
      `${(positions[0] ?? 1) - 1}`,
      '--json',
    ])
    expect(
      again
        .trim()
        .split('\n')
        .map((line) => Number(JSON.parse(line).position)),
    ).toEqual(positions)
  })

  it('OP43 verify finds nothing while it is written to', async () => {
    const { done, acknowledged } = await underLoad(() => askCli(folder, 'verify'))
    expect(acknowledged).toBeGreaterThan(0)
    expect(done.found.faults).toEqual([])
    expect(done.found.models).toHaveLength(3)
    expect(done.code).toBe(0)
  })

  it('OP45 a backup under load is of one moment, and a server on it goes on from there under another log id', async () => {
    const [target, to] = [join(freshFolder(), 'backup'), join(freshFolder(), 'data')]
    const before = await headOf()
    const { done, acknowledged } = await underLoad(() => askCli(folder, 'backup', target))
    expect(done.code).toBe(0)
    expect(acknowledged).toBeGreaterThan(0)
    // What was acknowledged before it began is in it.
    expect(done.found.head).toBeGreaterThanOrEqual(before)
    const restored = await askCli(folder, 'restore', target, '--to', to)
    expect(restored.found).toMatchObject({ head: done.found.head, unconfirmed: 0 })

    const other = await startServer({ data: to })
    try {
      const login = await post(other.base, '/api/auth/login', { handle: ada.handle, password })
      expect(login.status).toBe(200)
      const { accessToken } = login.body as { accessToken: string }
      const page = await get(other.base, `/api/conversations/${tea}/messages?limit=5`, { token: accessToken })
      expect(page.body).toMatchObject({ messages: { length: 5 } })
      const verified = await askCli(to, 'verify')
      expect(verified).toMatchObject({ code: 0, found: { faults: [] } })
      expect((await askCli(to, 'status')).found.log.id).toBe(restored.found.log)
    } finally {
      await other.kill()
    }
  })

  it('OP53 a person who is signed out everywhere loses his sockets at once, and nobody else does', async () => {
    const closes = bob.client.closes.length
    expect((await askCli(folder, 'user', 'sign-out', bob.handle)).found).toMatchObject({ ended: 1 })
    await bob.client.until('the end of his socket', () => bob.client.closes.length > closes, 1_000)
    expect(bob.client.closes[closes]?.code).toBe(4401)
    expect((await get(server.base, '/api/me', bob)).status).toBe(401)
    expect((await get(server.base, '/api/me', ada)).status).toBe(200)
    expect(await runCli(folder, ['user', 'sign-out', 'nobody'])).toMatchObject({ code: 3 })
  })

  it('OP53 a new password takes the place of the old one and ends what the old one opened', async () => {
    const cleo = people[2]
    if (!cleo) throw new Error('nobody came')
    const { found } = await askCli(folder, 'user', 'reset-password', cleo.handle)
    await cleo.client.until('the end of her socket', () => cleo.client.closes.some(({ code }) => code === 4401), 2_000)
    const login = (word: string) => post(server.base, '/api/auth/login', { handle: cleo.handle, password: word })
    expect((await login(password)).status).toBe(401)
    expect((await login(found.password)).status).toBe(200)
    expect(await runCli(folder, ['user', 'reset-password', cleo.handle, '--stdin'], 'short\n')).toMatchObject({
      code: 1,
    })
    expect(server.errors()).not.toContain(found.password)
    expect(JSON.stringify(acts(folder))).not.toContain(found.password)
  })

  it('OP47 an administrator is made by the server itself', async () => {
    expect((await askCli(folder, 'user', 'admin', ada.handle)).found).toMatchObject({ admin: true, changed: true })
    expect((await askCli(folder, 'user', 'admin', ada.handle)).found).toMatchObject({ changed: false })
  })

  it('OP49 doctor finds the server, its port and its limits', async () => {
    const { code, found } = await askCli(folder, 'doctor')
    expect(found).toContainEqual(
      expect.objectContaining({ check: 'port', found: `${server.port}, where the server listens` }),
    )
    expect(code).toBe(0)
  })

  it('OP50 ends quietly when whoever reads has enough', async () => {
    const reader = startCli(folder, ['replay', '--json'])
    reader.enough()
    expect(await reader.ended).toMatchObject({ code: 0, err: '' })
    expect((await runCli('/nowhere', ['status', '--json'])).err).toMatch(/^\{"error":"there is no folder/)
  })
})

describe('a dead letter', () => {
  it('OP44 and OP48 is settled by the running server, which goes on with what waits', async () => {
    const { conversations } = ada
    const direct = conversations[2] ?? tea
    await server.stop()
    const stream = `conversation-${direct}`
    const last = lastMessageIn(folder, direct)
    plant(folder, { stream, ...last })
    server = await startServer({ data: folder, port: server.port })
    const listed = await askCli(folder, 'dead-letters', 'list')
    expect(listed.found).toMatchObject([{ projection: 'timelines', stream, reason: 'planted' }])
    expect((await askCli(folder, 'status')).found.models[0]).toMatchObject({ parkedStreams: 1 })
    expect((await askCli(folder, 'verify')).code).toBe(1)
    expect(await askCli(folder, 'dead-letters', 'retry', 'timelines', stream)).toMatchObject({
      code: 0,
      found: { left: null },
    })
    expect((await askCli(folder, 'dead-letters', 'list')).found).toEqual([])
    expect(await askCli(folder, 'verify')).toMatchObject({ code: 0, found: { faults: [] } })
  })

  it('OP48 what a killed server left in its folder keeps nobody from writing there', async () => {
    await server.stop()
    expect(existsSync(join(folder, 'admin.sock'))).toBe(false)
    writeFileSync(join(folder, 'admin.sock'), 'left by a killed process')
    expect(await askCli(folder, 'user', 'admin', ada.handle, '--revoke')).toMatchObject({
      code: 0,
      found: { changed: true },
    })
  })
})

/** As if the projection had failed at its last message, and at nothing since. */
const plant = (
  data: string,
  { stream, revision, position }: { stream: string; revision: number; position: number },
): void => {
  const db = new Database(join(data, 'timelines_v1.db'))
  db.prepare(
    'DELETE FROM messages WHERE revision = ? AND conversation = (SELECT key FROM conversations WHERE id = ?)',
  ).run(revision, stream.slice('conversation-'.length))
  db.prepare("INSERT INTO parked VALUES (?, ?, ?, 'planted')").run(position, stream, revision)
  db.close()
}

const lastMessageIn = (data: string, conversation: string): { revision: number; position: number } => {
  const db = new Database(join(data, 'log.db'), { readonly: true })
  const row = db
    .prepare<[string], { revision: number; position: number }>(
      `SELECT revision, position FROM events JOIN streams USING (stream)
       WHERE name = ? AND type = 'MessageSent' ORDER BY position DESC LIMIT 1`,
    )
    .get(`conversation-${conversation}`)
  db.close()
  if (!row) throw new Error('nothing was said there')
  return row
}
