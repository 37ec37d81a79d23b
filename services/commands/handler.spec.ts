import { createHmac } from 'node:crypto'
import { type Command, conversationStream, type Order } from '@verbatim/protocol'
import * as examples from '@verbatim/protocol/examples'
import {
  ada,
  adasSession,
  bob,
  changeProfile,
  editMessage,
  eve,
  idAt,
  people,
  react,
  sendMessage,
  tea,
  unreact,
} from '@verbatim/protocol/examples'
import { describe, expect, it } from 'vitest'
import { accountsOver } from './accounts-over.ts'
import { digestUnder } from './digest.ts'
import { eventId } from './event-id.ts'
import { historyOf, message, newRoom, newWorld, nth, quiet, riggedLog } from './rig.ts'

const { setAvatar, setTheme, createTheme, changeTheme, deleteTheme, addEmoji, removeEmoji, startCall, endCall } =
  examples

describe('what a later version builds', () => {
  const later: Command[] = [
    ...[setAvatar(), setTheme(), createTheme(), changeTheme(), deleteTheme(), addEmoji(), removeEmoji()],
    ...[startCall(), endCall(), examples.eraseAccount()],
    changeProfile({ avatar: idAt(9) }),
    sendMessage({ body: { attachments: [idAt(9)] } }),
    sendMessage({ body: { text: 'So', voice: { duration: 1, peaks: [] } } }),
    editMessage({ body: { attachments: [idAt(9)] } }),
    react({ emoji: idAt(9) }),
    unreact({ emoji: idAt(9) }),
  ]

  it.each(later)('CH7 is answered so to everybody, though the id was used: $type', async (command) => {
    const { say } = await newRoom()
    await say(sendMessage({ id: command.id }))
    for (const by of [ada, eve])
      expect(await say(command as Order['command'], by)).toEqual({ kind: 'refused', id: command.id, reason: 'not-yet' })
  })

  it('CH7 is not a picture that is taken away', async () => {
    const { say } = await newWorld()
    expect(await say(changeProfile({ avatar: null }))).toMatchObject({ kind: 'accepted', revision: 1 })
  })
})

describe('what is written', () => {
  it('CH15 says who, over which session, by which command and when', async () => {
    const { log, handler, time } = await newRoom()
    const command = sendMessage()
    await handler.handle({ command, by: bob, session: adasSession, trace: 'abc' })
    expect((await historyOf(log, tea)).at(-1)).toMatchObject({
      id: eventId(conversationStream(tea), command.id, 0),
      type: 'MessageSent',
      schema: 1,
      actor: bob,
      session: adasSession,
      command: command.id,
      digest: digestUnder(new Uint8Array(32).fill(7))(command),
      at: time.now,
      trace: 'abc',
      revision: 1,
      json: `{"message":"${command.id}","n":1,"body":{"text":"Hello"}}`,
    })
  })

  it('CH15 has a UUID of version 5 that is the same for ever', () => {
    const id = eventId(conversationStream(tea), idAt(31), 0)
    expect(id).toBe('8f131c5d-1757-5bfd-bf7f-edd8ded6f27a')
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(eventId(conversationStream(tea), idAt(31), 1)).not.toBe(id)
  })

  it('CH15 has a digest whose form is for ever', () => {
    const key = new Uint8Array(32).fill(7)
    const hmac = (content: string) => createHmac('sha256', key).update(content).digest('base64url')
    const digest = digestUnder(key)
    expect(digest(sendMessage({ body: { text: 'So "ö"' } }))).toBe(
      hmac(`{"body":{"text":"So \\"ö\\""},"conversation":"${tea}","type":"SendMessage"}`),
    )
    expect(digest(sendMessage({ body: { text: 'So', mentions: [bob] } }))).toBe(
      hmac(`{"body":{"mentions":["${bob}"],"text":"So"},"conversation":"${tea}","type":"SendMessage"}`),
    )
    const long = '𝄞ö"'.repeat(2_000)
    expect(digest(sendMessage({ body: { text: long } }))).toBe(
      hmac(`{"body":{"text":${JSON.stringify(long)}},"conversation":"${tea}","type":"SendMessage"}`),
    )
    expect(digest(changeProfile({ avatar: null }))).toBe(hmac('{"avatar":null,"name":"Ada L.","type":"ChangeProfile"}'))
  })

  it('CH15 has a digest of its content alone, under the key', () => {
    const digest = digestUnder(new Uint8Array(32).fill(7))
    const body = { text: 'So', mentions: [bob, ada] }
    const one = digest(sendMessage({ body }))
    expect(one).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(digest(sendMessage({ id: nth(1), body: { mentions: [bob, ada], text: 'So' } }))).toBe(one)
    expect(digest(sendMessage({ body: { ...body, mentions: [ada, bob] } }))).not.toBe(one)
    expect(digest({ ...sendMessage({ body }), conversation: examples.adaAndBob })).not.toBe(one)
    expect(digestUnder(new Uint8Array(32))(sendMessage({ body }))).not.toBe(one)
  })
})

describe('states in memory', () => {
  it('CH14 are forgotten by weight, and loaded again as they were', async () => {
    const { handler, say } = await newRoom({ cacheBytes: 4_000 })
    for (let n = 0; n < 30; n++) {
      await say(message(n))
      await say(changeProfile({ id: nth(100 + n), name: `${n}` }), n % 2 ? bob : eve)
      expect(handler.stats().cacheBytes).toBeLessThan(40_000)
    }
    expect(handler.stats().keys).toBeLessThan(4)
    expect(await say(message(30))).toMatchObject({ revision: 31 })
  })

  it('CH14 stay while somebody waits for them', async () => {
    const { log, handler, say } = await newRoom({ cacheBytes: 1 })
    const release = log.hold(conversationStream(tea))
    const answers = [say(message(0)), say(message(1))]
    await quiet()
    await say(changeProfile(), bob)
    answers.push(say(message(2)))
    await quiet()
    release()
    expect(await Promise.all(answers)).toMatchObject([{ revision: 1 }, { revision: 2 }, { revision: 3 }])
    expect(handler.stats()).toMatchObject({ failures: 0 })
  })

  it('CH14 are counted', async () => {
    const { handler, say } = await newRoom()
    await say(sendMessage())
    await say(sendMessage())
    await say(sendMessage(), eve)
    expect(handler.stats()).toMatchObject({
      unanswered: 0,
      accepted: 7,
      refused: 1,
      repeats: 1,
      events: 6,
      failures: 0,
    })
  })
})

describe('accounts', () => {
  it('AC5 are opened once, and are there from then on', async () => {
    const log = riggedLog()
    const { handler } = await newWorld({}, log)
    const accounts = accountsOver(handler, log)
    const user = idAt(50)
    expect(await accounts.exists(user)).toBe(false)
    const account = { user, handle: 'fay', name: 'Fay', session: adasSession }
    expect(await accounts.open(account)).toBe('opened')
    expect(await accounts.open(account)).toBe('opened')
    expect(await accounts.exists(user)).toBe(true)
    expect(await accounts.open({ ...account, name: people.eve.name })).toEqual({ kind: 'denied', reason: 'id-reused' })
    log.fail('disk full')
    expect(await accounts.open({ ...account, user: idAt(51) })).toEqual({
      kind: 'denied',
      reason: 'disk-full',
      retryAfter: 1,
    })
  })
})
