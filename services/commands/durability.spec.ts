import { conversationStream, friendshipStream } from '@verbatim/protocol'
import {
  ada,
  adaAndBob,
  block,
  bob,
  eve,
  markRead,
  openDirect,
  react,
  removeMember,
  sendMessage,
  setPreferences,
  startGroup,
  tea,
  unblock,
  unfriend,
} from '@verbatim/protocol/examples'
import { describe, expect, it } from 'vitest'
import { historyOf, isAnswered, message, newRoom, newWorld, nth, quiet, typesOf } from './rig.ts'

describe('an answer', () => {
  it('CH1 waits for the disk', async () => {
    const { log, say } = await newRoom()
    const release = log.hold(conversationStream(tea))
    const answer = say(sendMessage())
    expect(await isAnswered(answer)).toBe(false)
    expect(await historyOf(log, tea)).toHaveLength(1)
    release()
    expect(await answer).toMatchObject({ kind: 'accepted', revision: 1 })
  })

  it('CH1 to a repeat waits with the first one and is the same', async () => {
    const { log, say } = await newRoom()
    const release = log.hold(conversationStream(tea))
    const [first, repeat] = [say(sendMessage()), say(sendMessage())]
    expect(await isAnswered(repeat)).toBe(false)
    release()
    expect(await repeat).toEqual(await first)
  })

  it('CH1 that nothing was to be done waits for what made it so', async () => {
    const { log, say } = await newRoom()
    const { position } = { position: '', ...(await say(sendMessage())) }
    const release = log.hold(conversationStream(tea))
    const [first, second] = [say(react()), say(react({ id: nth(1) }))]
    expect(await isAnswered(second)).toBe(false)
    release()
    expect(await first).toMatchObject({ revision: 2, position: `${Number(position) + 1}` })
    expect(await second).toEqual({ ...(await first), id: nth(1) })
  })

  it('CH1 that refuses waits for what it rests on', async () => {
    const { log, say } = await newRoom()
    const release = log.hold(conversationStream(tea))
    const removal = say(removeMember())
    const refused = say(message(1), bob)
    expect(await isAnswered(refused)).toBe(false)
    release()
    expect(await removal).toMatchObject({ kind: 'accepted' })
    expect(await refused).toEqual({ kind: 'refused', id: nth(1), reason: 'not-found' })
  })

  it('CH1 that refuses is thought over when what it rests on was lost', async () => {
    const { log, say } = await newRoom()
    log.fail('disk full')
    const removal = say(removeMember())
    const answer = say(message(1), bob)
    expect(await removal).toMatchObject({ kind: 'refused', reason: 'disk-full', retryAfter: 1 })
    expect(await answer).toMatchObject({ kind: 'refused', reason: 'disk-full' })
    expect(await say(message(1), bob)).toMatchObject({ kind: 'accepted', revision: 1 })
  })

  it('CH8 that nothing was to be done is the head of the stream', async () => {
    const { say } = await newRoom()
    const sent = await say(sendMessage())
    expect(await say(unfriend({ user: eve }))).toMatchObject({ kind: 'accepted', revision: -1, position: '0' })
    expect(await say(setPreferences({ contact: 'everyone' }))).toMatchObject({ revision: -1, position: '0' })
    await say(react({ message: nth(0) }))
    expect(await say(removeMember({ user: eve }))).toEqual({ ...sent, id: removeMember().id })
  })
})

describe('the order', () => {
  it('CH2 of a thousand messages at once is the order in which they came', async () => {
    const { log, say } = await newRoom()
    const order: number[] = []
    const sends = Array.from({ length: 1_000 }, (_, n) =>
      say(message(n), n % 2 ? ada : bob).then((answer) => {
        if (answer.kind === 'accepted') order.push(answer.revision)
      }),
    )
    await Promise.all(sends)
    expect(order).toEqual(Array.from({ length: 1_000 }, (_, n) => n + 1))
    const history = await historyOf(log, tea)
    expect(history.map(({ revision }) => revision)).toEqual(Array.from({ length: 1_001 }, (_, n) => n))
    expect(history.slice(1).map(({ command }) => command)).toEqual(Array.from({ length: 1_000 }, (_, n) => nth(n)))
  })

  it('CH2 has one append of a stream under way and takes what came meanwhile in the next', async () => {
    const { log, say } = await newRoom()
    const release = log.hold(conversationStream(tea))
    const before = log.appends.length
    const first = say(message(1))
    await quiet()
    const rest = [2, 3, 4].map((n) => say(message(n)))
    await quiet()
    expect(log.appends.length - before).toBe(1)
    release()
    await Promise.all([first, ...rest])
    expect(log.appends.length - before).toBe(2)
  })

  it('CH2 of one key does not hold up another', async () => {
    const { log, say } = await newRoom()
    await say(openDirect())
    const release = log.hold(conversationStream(tea))
    const held = say(sendMessage())
    expect(await say({ ...message(1), conversation: adaAndBob })).toMatchObject({ kind: 'accepted' })
    expect(await isAnswered(held)).toBe(false)
    release()
    await held
  })

  it('CH2 gives each answer the position of its own last event', async () => {
    const { log, say } = await newRoom()
    const answers = await Promise.all([1, 2, 3].map((n) => say(message(n))))
    const history = await historyOf(log, tea)
    expect(answers).toEqual(
      [1, 2, 3].map((n) => ({ kind: 'accepted', id: nth(n), revision: n, position: `${history[n]?.position}` })),
    )
  })

  it('CH9 of times stays when the clock goes back', async () => {
    const { log, say, time } = await newRoom()
    await say(message(1))
    time.now -= 60_000
    await say(message(2))
    time.now += 120_000
    await say(message(3))
    const [start = 0, ...times] = (await historyOf(log, tea)).map(({ at }) => at)
    expect(times).toEqual([start, start, start + 60_000])
  })
})

describe('streams of one key', () => {
  it('CH16 a message that was let in by an unblocking is not written before that', async () => {
    const { log, say } = await newWorld()
    await say(openDirect())
    await say(block())
    const release = log.hold(friendshipStream(adaAndBob))
    const unblocked = say(unblock())
    const sent = say({ ...message(1), conversation: adaAndBob })
    expect(await isAnswered(sent)).toBe(false)
    expect(typesOf(await historyOf(log, adaAndBob))).toEqual(['DirectOpened'])
    release()
    expect(await unblocked).toMatchObject({ kind: 'accepted' })
    expect(await sent).toMatchObject({ kind: 'accepted', revision: 1 })
  })

  it('CH16 a message behind a block is refused, and that is told when the block is on disk', async () => {
    const { log, say } = await newWorld()
    await say(openDirect())
    const release = log.hold(friendshipStream(adaAndBob))
    const blocked = say(block())
    const sent = say({ ...message(1), conversation: adaAndBob }, bob)
    expect(await isAnswered(sent)).toBe(false)
    release()
    expect(await blocked).toMatchObject({ kind: 'accepted' })
    expect(await sent).toMatchObject({ kind: 'refused', reason: 'blocked' })
  })

  it('CH16 a read mark is not written before the message that it counts', async () => {
    const { log, say } = await newRoom()
    const release = log.hold(conversationStream(tea))
    const sent = say(message(1))
    const marked = say(markRead(), bob)
    const before = log.appends.length
    expect(await isAnswered(marked)).toBe(false)
    expect(log.appends.slice(before).every((name) => !name.startsWith('reading-'))).toBe(true)
    release()
    await sent
    expect(await marked).toMatchObject({ kind: 'accepted', revision: 0 })
  })

  it('CH12 what a group is started on did not happen when it was lost', async () => {
    const { log, say } = await newWorld()
    const release = log.hold(friendshipStream(adaAndBob))
    log.fail('disk full')
    const blocked = say(block())
    await quiet()
    const started = say(startGroup())
    await quiet()
    release()
    expect(await blocked).toMatchObject({ reason: 'disk-full' })
    expect(await started).toMatchObject({ kind: 'accepted' })
  })

  it('CH12 what a group is started on is on disk', async () => {
    const { log, say } = await newWorld()
    const release = log.hold(friendshipStream(adaAndBob))
    const blocked = say(block())
    await quiet()
    const started = say(startGroup())
    expect(await isAnswered(started)).toBe(false)
    release()
    await blocked
    expect(await started).toMatchObject({ kind: 'refused', reason: 'blocked' })
  })
})
