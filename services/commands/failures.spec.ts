import { conversationStream, friendshipStream } from '@verbatim/protocol'
import {
  ada,
  adaAndBob,
  block,
  bob,
  cleo,
  hello,
  openDirect,
  removeMember,
  sendMessage,
  startGroup,
  tea,
} from '@verbatim/protocol/examples'
import { describe, expect, it } from 'vitest'
import { historyOf, message, newRoom, newWorld, nth, quiet, typesOf } from './rig.ts'

const contiguous = (length: number) => Array.from({ length }, (_, n) => n)

describe('an append', () => {
  it.each(['not written', 'written'] as const)(
    'CH5 that was %s is made once, with all that waited behind it',
    async (fault) => {
      const { log, say } = await newRoom()
      const release = log.hold(conversationStream(tea))
      log.fail(fault)
      const first = say(message(0))
      await quiet()
      const answers = [first, ...[1, 2, 3].map((n) => say(message(n), n === 2 ? bob : ada))]
      release()
      expect(await Promise.all(answers)).toMatchObject(contiguous(4).map((n) => ({ id: nth(n), revision: n + 1 })))
      const history = await historyOf(log, tea)
      expect(history.slice(1).map(({ command }) => command)).toEqual(contiguous(4).map(nth))
    },
  )

  it('CH5 that fails again and again is refused as retryable, and can be sent again', async () => {
    const { log, say, reported } = await newRoom()
    log.fail(...Array.from({ length: 5 }, () => 'not written' as const))
    expect(await say(sendMessage())).toEqual({ kind: 'refused', id: hello, reason: 'unavailable', retryAfter: 1 })
    expect(reported).not.toEqual([])
    expect(await say(sendMessage())).toMatchObject({ kind: 'accepted', revision: 1 })
  })

  it('CH5 onto a full disk is refused at once, and goes through when there is room', async () => {
    const { log, say } = await newRoom()
    log.fail('disk full')
    const answers = await Promise.all([say(message(0)), say(message(1))])
    expect(answers).toMatchObject([
      { reason: 'disk-full', retryAfter: 1 },
      { reason: 'disk-full', retryAfter: 1 },
    ])
    expect(await say(message(0))).toMatchObject({ kind: 'accepted', revision: 1 })
  })

  it('CH5 behind another writer is decided on what that one wrote', async () => {
    const world = await newRoom()
    const other = world.restarted()
    await world.say(message(0))
    await other.say(removeMember())
    const answers = await Promise.all([world.say(message(1), bob), world.say(message(2)), world.say(message(3), cleo)])
    expect(answers).toMatchObject([{ reason: 'not-found' }, { revision: 3 }, { revision: 4 }])
  })

  it('CH5 of two writers at one conversation loses and doubles nothing', async () => {
    const world = await newRoom()
    const other = world.restarted()
    const pending = new Map(contiguous(200).map((n) => [n, n % 2 ? world : other]))
    // Where two writers race, one may lose five times running; its sender sends again, as every client does.
    while (pending.size > 0) {
      const answers = await Promise.all(
        [...pending].map(async ([n, { say }]) => ({ n, answer: await say(message(n)) })),
      )
      for (const { n, answer } of answers)
        if (answer.kind === 'accepted') pending.delete(n)
        else expect(answer.reason).toBe('unavailable')
    }
    const history = await historyOf(world.log, tea)
    expect(history.map(({ revision }) => revision)).toEqual(contiguous(201))
    expect(new Set(history.slice(1).map(({ command }) => command)).size).toBe(200)
  })

  it('CH5 that is lost takes with it what other streams of its key rest on', async () => {
    const { log, say } = await newWorld()
    await say(openDirect())
    const release = log.hold(friendshipStream(adaAndBob))
    log.fail('not written')
    const blocked = say(block())
    await quiet()
    const sent = say({ ...message(1), conversation: adaAndBob }, bob)
    release()
    expect(await blocked).toMatchObject({ kind: 'accepted' })
    expect(await sent).toMatchObject({ reason: 'blocked' })
    expect(typesOf(await historyOf(log, adaAndBob))).toEqual(['DirectOpened'])
  })

  it('CH5 finds the log down and is refused until it is back', async () => {
    const { log, restarted } = await newRoom()
    const fresh = restarted()
    log.isDown = true
    expect(await fresh.say(sendMessage())).toMatchObject({ reason: 'unavailable', retryAfter: 1 })
    log.isDown = false
    expect(await fresh.say(sendMessage())).toMatchObject({ kind: 'accepted' })
  })

  it('CH5 is not tried one by one for a queue that has waited long enough', async () => {
    const { log, restarted } = await newRoom()
    let pauses = 0
    const fresh = restarted({
      wait: async (milliseconds) => {
        pauses++
        fresh.time.now += milliseconds * 10
      },
    })
    log.isDown = true
    const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => fresh.say(message(n))))
    expect(answers.every((answer) => answer.kind === 'refused' && answer.retryAfter === 1)).toBe(true)
    expect(pauses).toBeLessThan(5)
  })

  it('CH5 that the log answers with another revision is not believed', async () => {
    const { log, say } = await newRoom()
    const { append } = log
    log.append = async (stream, expected, events) => {
      const appended = await append(stream, expected, events)
      return { ...appended, ...(appended.kind === 'appended' && { revision: appended.revision + 1 }) }
    }
    // It is found in the log when the state is read again, with the revision that it has.
    const answer = await say(sendMessage())
    const [, sent] = await historyOf(log, tea)
    expect(answer).toEqual({ kind: 'accepted', id: hello, revision: 1, position: `${sent?.position}` })
  })

  it('CH5 behind a fault of a decider loses nothing that was decided before', async () => {
    const { say, reported } = await newRoom()
    const impossible = { ...message(1), body: { text: 'x', mentions: JSON.parse('5') } }
    const answers = await Promise.all([say(message(0)), say(impossible), say(message(2))])
    expect(answers).toMatchObject([{ revision: 1 }, { reason: 'unavailable', retryAfter: 1 }, { revision: 2 }])
    expect(reported).toContainEqual(expect.any(TypeError))
    expect(await say(message(3))).toMatchObject({ revision: 3 })
  })

  it('CH5 races a removal, and either way the log tells one story', async () => {
    const { log, say } = await newRoom()
    const [early, removal, late] = await Promise.all([say(message(1), bob), say(removeMember()), say(message(2), bob)])
    expect([early, removal, late]).toMatchObject([{ revision: 1 }, { revision: 2 }, { reason: 'not-found' }])
    expect(typesOf(await historyOf(log, tea))).toEqual(['GroupStarted', 'MessageSent', 'MemberRemoved'])
  })
})

describe('too much at once', () => {
  it('CH11 is refused as retryable for its key, and others go on', async () => {
    const { log, say } = await newRoom({ mostUnansweredPerKey: 2 })
    await say(openDirect())
    const release = log.hold(conversationStream(tea))
    const taken = [say(message(1)), say(message(2))]
    expect(await say(message(3))).toEqual({ kind: 'refused', id: nth(3), reason: 'unavailable', retryAfter: 1 })
    expect(await say({ ...message(4), conversation: adaAndBob })).toMatchObject({ kind: 'accepted' })
    release()
    expect(await Promise.all(taken)).toMatchObject([{ revision: 1 }, { revision: 2 }])
    expect(await say(message(3))).toMatchObject({ revision: 3 })
  })

  it('CH11 is refused as retryable altogether', async () => {
    const { log, say } = await newRoom({ mostUnanswered: 2 })
    const release = log.hold(conversationStream(tea))
    const taken = [say(message(1)), say(message(2))]
    expect(await say(openDirect())).toMatchObject({ reason: 'unavailable', retryAfter: 1 })
    release()
    await Promise.all(taken)
    expect(await say(openDirect())).toMatchObject({ kind: 'accepted' })
  })
})

describe('closing', () => {
  it('CH13 answers what was taken and takes no more', async () => {
    const { log, say, handler } = await newRoom()
    const release = log.hold(conversationStream(tea))
    const taken = say(sendMessage())
    let isClosed = false
    const closed = handler.close().then(() => (isClosed = true))
    await quiet()
    expect(isClosed).toBe(false)
    expect(await say(startGroup({ id: nth(1) }))).toMatchObject({ reason: 'unavailable', retryAfter: 1 })
    release()
    expect(await taken).toMatchObject({ kind: 'accepted' })
    await closed
    expect(handler.stats()).toMatchObject({ unanswered: 0 })
  })
})
