import { conversationStream, groupId, readingStream } from '@verbatim/protocol'
import {
  acceptFriend,
  ada,
  adaAndBob,
  addMember,
  bob,
  cleo,
  deleteMessage,
  editMessage,
  eve,
  hello,
  idAt,
  markRead,
  openDirect,
  react,
  requestFriend,
  restoreMessage,
  sendMessage,
  setConversationPreferences,
  setPreferences,
  startGroup,
  tea,
} from '@verbatim/protocol/examples'
import { describe, expect, it } from 'vitest'
import { WINDOW } from './conversation/state.ts'
import { dataOf, factsFrom, historyOf, message, newRoom, newWorld, nth, quiet, type World } from './rig.ts'

/** Ada has said hello, and so much since that the state has forgotten it. */
const longRoom = async (options = {}): Promise<World> => {
  const world = await newRoom(options)
  await world.say(sendMessage())
  await Promise.all(Array.from({ length: WINDOW + 20 }, (_, n) => world.say(message(n))))
  return world
}
const lastOf = async ({ log }: World) => (await historyOf(log, tea)).map(dataOf).at(-1)

describe('a message that was forgotten', () => {
  it('CV30 is edited, reacted to, deleted and restored like any other', async () => {
    const world = await longRoom()
    const { say } = world
    expect(await say(editMessage())).toMatchObject({ kind: 'accepted' })
    expect(await say(react(), bob)).toMatchObject({ kind: 'accepted' })
    const twice = await say(react({ id: nth(901) }), bob)
    expect(twice).toMatchObject({ kind: 'accepted', revision: WINDOW + 23 })
    expect(await say(deleteMessage())).toMatchObject({ kind: 'accepted' })
    expect(await say(react({ id: nth(902) }), cleo)).toMatchObject({ reason: 'message-deleted' })
    expect(await say(restoreMessage())).toMatchObject({ kind: 'accepted' })
    expect(await lastOf(world)).toEqual({ type: 'MessageRestored', data: { message: hello, body: { text: 'Hello!' } } })
  })

  it('CV30 is changed in order by commands that come at once', async () => {
    const { say } = await longRoom()
    const answers = await Promise.all([
      say(message(901)),
      say(deleteMessage()),
      say(react(), bob),
      say(restoreMessage()),
      say(react({ id: nth(902) }), bob),
      say(message(903)),
    ])
    expect(
      answers.map((answer) => (answer.kind === 'accepted' ? answer.revision - WINDOW - 21 : answer.reason)),
    ).toEqual([1, 2, 'message-deleted', 3, 4, 5])
  })

  it('CV17 is answered', async () => {
    const world = await longRoom()
    await world.say(sendMessage({ id: nth(900), body: { text: 'So', replyTo: hello } }))
    expect(await lastOf(world)).toMatchObject({ data: { body: { text: 'So', replyTo: hello } } })
  })

  it('CV15 that was never there is not found', async () => {
    const { say, facts } = await longRoom()
    expect(await say(react({ message: idAt(999) }))).toMatchObject({ reason: 'not-found' })
    expect(facts.asked).toBe(1)
  })

  it('CV30 is asked for as it is at the head of its conversation', async () => {
    const asked: number[] = []
    const world = await longRoom()
    const facts = factsFrom(world.log)
    const fresh = world.restarted({
      messageFacts: {
        ...facts,
        messageFact(room, id, notBefore) {
          asked.push(notBefore)
          return facts.messageFact(room, id, notBefore)
        },
      },
    })
    await fresh.say(react())
    expect(asked).toEqual([(await historyOf(world.log, tea)).at(-2)?.position])
  })

  it('CH12 that a read model cannot tell of costs one command, and the conversation goes on', async () => {
    const down = {
      messageFact: () => Promise.reject(new Error('behind')),
      isReadable: () => Promise.reject(new Error('behind')),
    }
    const world = await longRoom({ messageFacts: down })
    const answers = await Promise.all([world.say(react()), world.say(message(901))])
    expect(answers).toMatchObject([{ reason: 'unavailable', retryAfter: 1 }, { kind: 'accepted' }])
    expect(world.reported).toHaveLength(1)
    expect(await world.say(markRead({ revision: 2 }))).toMatchObject({ kind: 'accepted' })
    expect(await world.say(sendMessage({ id: nth(902), body: { text: 'x', forwardedFrom: idAt(9) } }))).toMatchObject({
      reason: 'unavailable',
    })
  })
})

describe('what was found', () => {
  /** Bob's and Cleo's read marks are under way and will fail, while the fact about an old message is on its way. */
  const racing = async () => {
    const world = await longRoom()
    const facts = factsFrom(world.log)
    const held: (() => void)[] = []
    const racer = world.restarted({
      messageFacts: {
        ...facts,
        async messageFact(room, id, notBefore) {
          const fact = await facts.messageFact(room, id, notBefore)
          if (held.length === 0) await new Promise<void>((resolve) => held.push(resolve))
          return fact
        },
      },
    })
    const marks = [bob, cleo].map((user) => {
      const release = world.log.hold(readingStream(tea, user))
      return { release, answer: racer.say(markRead({ id: nth(user === bob ? 901 : 902) }), user) }
    })
    await quiet()
    const reacted = racer.say(react())
    await quiet()
    await world.say(deleteMessage())
    return { world, marks, reacted, tell: () => held.splice(0, 1, () => {})[0]?.() }
  }

  it.each(['before', 'while', 'after'] as const)('CH5 %s an append was lost is asked for anew', async (moment) => {
    const { world, marks, reacted, tell } = await racing()
    world.log.fail('not written', 'not written')
    if (moment === 'before') tell()
    marks[0]?.release()
    await quiet()
    if (moment === 'while') tell()
    await quiet()
    marks[1]?.release()
    await quiet()
    if (moment === 'after') tell()
    expect(await reacted).toMatchObject({ reason: 'message-deleted' })
    for (const { answer } of marks) expect(await answer).toMatchObject({ kind: 'accepted' })
  })
})

describe('a read model that does not answer', () => {
  it('CH12 is not asked again for a second', async () => {
    let asked = 0
    const messageFact = () => Promise.reject(new Error(`behind ${asked++}`))
    const { say, time } = await longRoom({ messageFacts: { messageFact, isReadable: messageFact } })
    for (const n of [1, 2, 3]) expect(await say(react({ id: nth(900 + n) }))).toMatchObject({ reason: 'unavailable' })
    expect(asked).toBe(1)
    time.now += 1_000
    expect(await say(react())).toMatchObject({ reason: 'unavailable' })
    expect(asked).toBe(2)
  })
})

describe('a forwarded message', () => {
  const forward = (conversation = tea) =>
    sendMessage({ id: nth(1), conversation, body: { text: 'Hello', forwardedFrom: hello } })

  it('CV18 comes from a conversation that its sender is in', async () => {
    const { say } = await newRoom()
    await say(sendMessage())
    await say(openDirect())
    expect(await say(forward(adaAndBob))).toMatchObject({ kind: 'accepted' })
  })

  it('CV18 does not come from one that he is not in', async () => {
    const { say } = await newRoom()
    await say(sendMessage())
    const own = idAt(71)
    await say(startGroup({ id: nth(2), conversation: groupId(own), members: [] }), eve)
    expect(await say(forward(groupId(own)), eve)).toMatchObject({ reason: 'not-found' })
  })
})

describe('people', () => {
  it('CV1 who have no account are not written to', async () => {
    const { say } = await newWorld()
    expect(await say(openDirect({ user: idAt(999) }))).toMatchObject({ reason: 'no-such-person' })
    expect(await say(requestFriend({ user: idAt(999) }))).toMatchObject({ reason: 'no-such-person' })
    expect(await say(startGroup({ members: [bob, idAt(999)] }))).toMatchObject({ reason: 'no-such-person' })
  })

  it('CV3 who want only friends are written to by friends', async () => {
    const { say } = await newWorld()
    await say(setPreferences(), bob)
    expect(await say(openDirect())).toMatchObject({ reason: 'friends-only' })
    expect(await say(startGroup())).toMatchObject({ reason: 'friends-only' })
    await say(requestFriend())
    await say(acceptFriend(), bob)
    expect(await say(openDirect())).toMatchObject({ kind: 'accepted', conversation: adaAndBob })
    expect(await say(startGroup())).toMatchObject({ kind: 'accepted' })
  })

  it('CV6 are as many as the server allows', async () => {
    const { say } = await newRoom({ groupMembers: 3 })
    expect(await say(addMember())).toMatchObject({ reason: 'group-full' })
  })

  it('PF4 set no preferences for a conversation that they are not in', async () => {
    const { say } = await newRoom()
    expect(await say(setConversationPreferences(), bob)).toMatchObject({ kind: 'accepted', revision: 0 })
    expect(await say(setConversationPreferences(), eve)).toMatchObject({ reason: 'not-found' })
  })

  it('PF4 set them while the conversation is being written to without a pause', async () => {
    const { log, say } = await newRoom()
    const release = log.hold(conversationStream(tea))
    const joined = say(addMember())
    await quiet()
    const set = say(setConversationPreferences(), eve)
    release()
    const others = Array.from({ length: 50 }, (_, n) => say(message(n)))
    expect(await joined).toMatchObject({ kind: 'accepted' })
    expect(await set).toMatchObject({ kind: 'accepted' })
    await Promise.all(others)
  })
})

describe('a read mark', () => {
  const marks = async ({ log }: World) =>
    (await log.readAll(0, 10_000)).filter(({ type }) => type === 'ReadUpTo').map((event) => dataOf(event).data)

  it('RD5 counts the messages up to it', async () => {
    const world = await newRoom()
    await Promise.all([1, 2, 3].map((n) => world.say(message(n))))
    await world.say(markRead({ revision: 2 }), bob)
    expect(await marks(world)).toEqual([{ conversation: tea, user: bob, revision: 2, n: 2 }])
  })

  it('RD5 counts them though the state has forgotten them', async () => {
    const world = await newRoom()
    await world.say(message(800))
    await world.say(addMember())
    await Promise.all(Array.from({ length: WINDOW + 20 }, (_, n) => world.say(message(n))))
    await world.say(markRead({ revision: 2 }), bob)
    await world.say(markRead({ revision: 12 }), cleo)
    await world.say(markRead({ revision: 0 }), ada)
    expect((await marks(world)).map((mark) => 'n' in mark && mark.n)).toEqual([1, 11, 0])
  })

  it('RD3 is refused to an outsider alike for none and not his', async () => {
    const { say } = await newRoom()
    const yours = await say(markRead(), eve)
    const none = await say(markRead({ conversation: groupId(idAt(999)) }), eve)
    expect(yours).toEqual({ kind: 'refused', id: markRead().id, reason: 'not-found' })
    expect(none).toEqual(yours)
  })

  it('RD4 is refused beyond the head', async () => {
    const { say } = await newRoom()
    expect(await say(markRead({ revision: 1 }), bob)).toMatchObject({ reason: 'malformed' })
    expect(await say(markRead({ revision: 0 }), ada)).toMatchObject({ kind: 'accepted' })
  })
})
