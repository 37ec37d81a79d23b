import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { closeCodes, limits } from '@verbatim/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accepted } from '../load.ts'
import { type Account, password, post, register, ulid } from '../person.ts'
import { type Server, startServer } from '../server.ts'
import { signedIn } from './signed-in.ts'
import { frameOf, openWire } from './wire.ts'

const MEMBERS = 3
const folder = mkdtempSync(join(tmpdir(), 'verbatim-limits-'))
let server: Server
let ada: Account
beforeAll(async () => {
  server = await startServer({ data: folder, env: { LIMITS: 'on', GROUP_MEMBERS: `${MEMBERS}`, TRUST_PROXY: 'on' } })
  ada = await register(server.base, 'ada')
})
afterAll(async () => {
  await server.kill()
  rmSync(folder, { recursive: true, force: true })
})

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const person = () => register(server.base, 'bob')
const groupOf = async (account: Account) => {
  const fields = { type: 'StartGroup', conversation: ulid(), name: 'Tea', members: [] }
  return (await accepted(server.base, account, fields)).conversation
}
/** Within 5 % of what it should be at least and at most, and one for what is counted in whole numbers. */
const isBetween = (counted: number, [least, most]: readonly [number, number]) => {
  expect(counted).toBeGreaterThanOrEqual(least * 0.95 - 1)
  expect(counted).toBeLessThanOrEqual(most * 1.05 + 1)
}
const secondsSince = (from: number) => (performance.now() - from) / 1_000

describe.concurrent('the limits of a running server', () => {
  it('OP123 lets an account send a burst and then so many a second, and says when the next may come', async () => {
    const account = await person()
    const conversation = await groupOf(account)
    // The command that made the group has been counted as well.
    await wait(1_000)
    const socket = await signedIn(server.port, account)
    const from = performance.now()
    const answers = []
    while (performance.now() - from < 5_000) {
      answers.push(socket.text(conversation, 'hi'))
      await wait(40)
    }
    const sent = secondsSince(from)
    const all = await Promise.all(answers)
    const within = (seconds: number) => limits.sendBurst + limits.sendPerSecond * seconds
    isBetween(all.filter(({ type }) => type === 'ack').length, [within(sent), within(secondsSince(from))])
    const last = all.findLast((answer) => answer.type === 'refused')
    expect(last).toMatchObject({ reason: 'too-fast', retryAfter: 1 })
    await wait(1_000)
    expect((await socket.text(conversation, 'now')).type).toBe('ack')
    socket.wire.cut()
  })

  it('OP123 takes frames of any type at their rate, and ends the socket that sends more', async () => {
    const socket = await signedIn(server.port, await person())
    const from = performance.now()
    socket.wire.write(Buffer.concat(Array.from({ length: 400 }, () => frameOf('{"type":"ping"}'))))
    await socket.wire.until(() => socket.wire.over !== undefined)
    expect(socket.wire.over).toEqual({ code: closeCodes.tooFast })
    // The greeting was the first.
    const taken = socket.wire.heard.filter(({ type }) => type === 'pong').length + 1
    isBetween(taken, [200, 200 + 50 * secondsSince(from)])
  })

  it('OP123 marks a conversation as read once in two seconds', async () => {
    const account = await person()
    const conversation = await groupOf(account)
    const socket = await signedIn(server.port, account)
    const mark = () => socket.command({ type: 'MarkRead', conversation, revision: 0 })
    const [first, second] = await Promise.all([mark(), mark()])
    expect([first.type, second]).toEqual(['ack', expect.objectContaining({ reason: 'too-fast', retryAfter: 2 })])
    await wait(limits.markReadEvery)
    expect((await mark()).type).toBe('ack')
    socket.wire.cut()
  })

  it('OP123 lets one person have ten sockets and no eleventh', async () => {
    const account = await person()
    const all = []
    for (let n = 0; n <= limits.socketsPerUser; n++) all.push(await signedIn(server.port, account))
    const last = all.pop()
    expect(last?.wire.over).toEqual({ code: closeCodes.tooFast })
    expect(last?.wire.heard).toContainEqual({ type: 'bye', reason: 'too-many-sockets' })
    for (const { wire } of all) expect(wire.over).toBeUndefined()
    for (const { wire } of all) wire.cut()
  })

  it('OP123 waits five seconds for hello', async () => {
    const from = performance.now()
    const [early, late] = [await openWire(server.port), await openWire(server.port)]
    await wait(limits.helloWithin / 2)
    expect(late.over).toBeUndefined()
    early.write(frameOf(JSON.stringify({ type: 'hello', token: ada.token })))
    await late.until(() => late.over !== undefined)
    expect(late.over).toEqual({ code: closeCodes.noHello })
    expect(performance.now() - from).toBeGreaterThanOrEqual(limits.helloWithin)
    expect(early.heard[0]?.type).toBe('ready')
    early.cut()
  })

  it('OP123 takes five wrong passwords of an account in five minutes, and says when the next may be tried', async () => {
    const { handle } = await person()
    const login = (password: string) => post(server.base, '/api/auth/login', { handle, password })
    const tries = []
    for (let n = 0; n <= limits.signIn.attempts; n++) tries.push(await login('not the password'))
    expect(tries.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 429])
    const last = tries.at(-1)?.body
    const { retryAfter } = Object(last)
    expect(last).toEqual({ refused: 'too-fast', retryAfter: expect.any(Number) })
    expect(retryAfter).toBeGreaterThan((limits.signIn.within / 1_000) * 0.8)
    expect(retryAfter).toBeLessThanOrEqual(limits.signIn.within / 1_000)
    expect((await login(password)).status).toBe(429)
  })

  it('OP123 takes twenty friend requests in an hour, and says when the next may be sent', async () => {
    const socket = await signedIn(server.port, await person())
    const ask = () => socket.command({ type: 'RequestFriend', user: ulid() })
    for (let n = 0; n < limits.friendRequests.attempts; n++)
      expect(await ask()).toMatchObject({ type: 'refused', reason: 'no-such-person' })
    const last = await ask()
    expect(last).toMatchObject({ type: 'refused', reason: 'too-fast' })
    expect('retryAfter' in last && last.retryAfter).toBeGreaterThan((limits.friendRequests.within / 1_000) * 0.95)
    socket.wire.cut()
  })

  it('OP123 takes twenty sign-ups of an address in an hour', async () => {
    const signUp = () =>
      post(
        server.base,
        '/api/auth/register',
        { handle: `x${ulid().slice(-12).toLowerCase()}`, name: 'X', password },
        { 'x-forwarded-for': '198.51.100.7' },
      )
    const all = []
    for (let n = 0; n < 21; n++) all.push(await signUp())
    expect(all.slice(0, 20).every(({ status }) => status === 201)).toBe(true)
    expect(all[20]).toMatchObject({ status: 429, body: { refused: 'too-fast', retryAfter: expect.any(Number) } })
  })

  it('OP123 fills a group up to its setting', async () => {
    const [account, ...members] = [await person(), await person(), await person(), await person()]
    const socket = await signedIn(server.port, account)
    const start = (many: number) =>
      socket.command({
        type: 'StartGroup',
        conversation: ulid(),
        name: 'Tea',
        members: members.slice(0, many - 1).map(({ id }) => id),
      })
    expect((await start(MEMBERS)).type).toBe('ack')
    expect(await start(MEMBERS + 1)).toMatchObject({ type: 'refused', reason: 'group-full' })
    socket.wire.cut()
  })

  it('OP123 takes texts, names, frames and depths at their limit and not one past it', async () => {
    const account = await person()
    const conversation = await groupOf(account)
    const socket = await signedIn(server.port, account)
    const say = (length: number) => socket.text(conversation, '\u{1f600}'.repeat(length))
    const call = (length: number) => socket.command({ type: 'ChangeProfile', name: '\u{1f600}'.repeat(length) })
    expect((await say(limits.textCodePoints)).type).toBe('ack')
    expect(await say(limits.textCodePoints + 1)).toMatchObject({ reason: 'malformed', detail: expect.any(String) })
    expect((await call(limits.nameCodePoints)).type).toBe('ack')
    expect(await call(limits.nameCodePoints + 1)).toMatchObject({ reason: 'malformed', detail: expect.any(String) })
    socket.wire.cut()
    const deep = (levels: number) =>
      `{"type":"signal","call":"${ulid()}","to":"${ulid()}","data":${'{"a":'.repeat(levels - 1)}1${'}'.repeat(levels)}`
    const ends = [
      ['{"type":"ping"}'.padEnd(limits.frameBytes), undefined],
      ['{"type":"ping"}'.padEnd(limits.frameBytes + 1), closeCodes.tooLarge],
      [deep(limits.jsonDepth), undefined],
      [deep(limits.jsonDepth + 1), closeCodes.malformed],
    ] as const
    for (const [frame, code] of ends) {
      const { wire } = await signedIn(server.port, account)
      wire.write(frameOf(frame))
      wire.write(frameOf('{"type":"ping"}'))
      await wire.until(() => wire.over !== undefined || wire.heard.at(-1)?.type === 'pong')
      expect([frame.length, wire.over?.code]).toEqual([frame.length, code])
      wire.cut()
    }
  })
})
