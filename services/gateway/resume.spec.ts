import type { At, Backlog } from '@verbatim/projections/timelines'
import { directConversation, groupId, limits } from '@verbatim/protocol'
import { idAt } from '@verbatim/protocol/examples'
import { describe, expect, it } from 'vitest'
import { memorySockets } from './rig/memory-sockets.ts'
import { rawSocket } from './rig/raw-socket.ts'
import { cast, startGateway, tokenOf } from './rig/rig.ts'
import { eventually, openSocket, pause, signedInSocket, type Talk } from './rig/talking.ts'
import { world } from './rig/world.ts'

const { ada, bob, eve } = cast
const tea = directConversation(ada.id, bob.id)
const group = (n: number) => groupId(idAt(10_000 + n))
const joined = (conversation = tea, user = ada.id) => ({ conversation, type: 'MemberAdded', user }) as const
const removed = (conversation = tea, user = ada.id) => ({ conversation, type: 'MemberRemoved', user }) as const
const said = (conversation = tea) => ({ conversation, type: 'MessageSent', user: bob.id }) as const
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n)

/** A world in which Ada is in `tea` and so many messages were sent, all of them in the model. */
const history = (messages: number) => {
  const of = world()
  of.commit(joined(), ...Array.from({ length: messages }, () => said()))
  of.advance()
  return of
}
const saw = (talk: Talk, last: number, conversation = tea) =>
  eventually(() => talk.revisions(conversation).at(-1) === last)
/** A backlog of events that carry more than they do in these tests. */
const lengthened = ({ position, value }: At<Backlog[]>, long: string): At<Backlog[]> => ({
  position,
  value: value.map((each) => ({
    ...each,
    events: each.events.map((event) => `${event.slice(0, -1)},"long":"${long}"}`),
  })),
})
const resets = (talk: Talk) => talk.seen.filter(({ reset }) => reset).map(({ conversation }) => conversation)

describe('live', () => {
  it('GW20 tells what happened between the answer of the model and the subscription.', async () => {
    const of = history(3)
    const rig = await startGateway({
      world: of,
      timelines: {
        memberships: async (user) => {
          const answer = await of.timelines.memberships(user)
          of.commit(said(), said(), joined(group(1)), said(group(1)))
          return answer
        },
      },
      reached: async () => true,
    })
    const talk = await signedInSocket(rig.port, ada.id)
    expect(talk.seen[0]?.conversations).toEqual([
      { id: tea, revision: 5 },
      { id: group(1), revision: 1 },
    ])
    of.commit(said(), said(group(1)))
    await saw(talk, 2, group(1))
    expect([talk.revisions(tea), talk.revisions(group(1))]).toEqual([[6], [2]])
  })

  it('GW20 waits for a model that is further behind than anybody remembers, and gives up with try-again.', async () => {
    const of = history(3)
    const rig = await startGateway({ world: of, liveAfter: 1_000, reached: async () => false })
    const talk = await openSocket(rig.port)
    talk.frame({ type: 'hello', token: tokenOf(ada.id) })
    expect(await talk.closed()).toEqual({ code: 1012, reason: 'try-again' })
  })

  it('GW20 lets a model that is further behind catch up first.', async () => {
    const of = world()
    of.commit(joined(), said(), said())
    const rig = await startGateway({ world: of, liveAfter: 2 })
    const talk = await signedInSocket(rig.port, ada.id)
    expect(talk.seen[0]?.conversations).toEqual([{ id: tea, revision: 2 }])
  })

  it('GW21 gives a member everything from his joining to his removal, in order, and nothing after it.', async () => {
    const rig = await startGateway({ world: history(0) })
    const [member, outsider] = [await signedInSocket(rig.port, ada.id), await signedInSocket(rig.port, eve.id)]
    rig.world.commit(said(), said())
    rig.world.commit(said(), removed(), said(), said())
    rig.world.commit(said())
    rig.world.commit(joined(), said())
    await saw(member, 9)
    expect(member.revisions(tea)).toEqual([1, 2, 3, 4, 8, 9])
    expect(outsider.revisions(tea)).toEqual([])
  })

  it('GW28 tells a member the frame that is meant for him, and all others after it as before.', async () => {
    const of = history(0)
    of.commit({ ...joined(), user: bob.id })
    of.advance()
    const rig = await startGateway({ world: of })
    const [whole, part] = [await signedInSocket(rig.port, bob.id), await signedInSocket(rig.port, ada.id)]
    rig.world.commit(said())
    const told = (text: string) =>
      `{"type":"events","conversation":"${tea}","events":[{"revision":3,"data":"${text}"}]}`
    const instead = { users: [ada.id], frame: told('less') }
    rig.world.live.publish({
      kind: 'conversation',
      conversation: tea,
      first: 3,
      last: 3,
      position: 9,
      frame: told('all'),
      instead,
    })
    rig.world.live.publish({ kind: 'aside', conversation: tea, position: 10, frame: '{"type":"read"}' })
    for (const [talk, text] of [
      [whole, 'all'],
      [part, 'less'],
    ] as const) {
      await talk.get('read')
      expect(talk.revisions(tea)).toEqual([2, 3])
      expect(talk.seen.map((frame) => JSON.stringify(frame)).filter((frame) => frame.includes('"data":"'))).toEqual([
        told(text),
      ])
    }
  })

  it("GW21 tells a person's own frames to all of his sockets, asides to the members, and to nobody else.", async () => {
    const rig = await startGateway({ world: history(0) })
    const [one, two] = [await signedInSocket(rig.port, ada.id), await signedInSocket(rig.port, ada.id)]
    const other = await signedInSocket(rig.port, eve.id)
    rig.world.live.publish({ kind: 'user', user: ada.id, position: 9, frame: '{"type":"events","user":true}' })
    rig.world.live.publish({ kind: 'aside', conversation: tea, position: 9, frame: '{"type":"read"}' })
    for (const talk of [one, two])
      await eventually(() => talk.seen.map(({ type }) => type).join() === 'ready,events,read')
    other.frame({ type: 'ping' })
    await other.get('pong')
    expect(other.seen.map(({ type }) => type)).toEqual(['ready', 'pong'])
  })
})

describe('resume', () => {
  it('GW22 tells nothing twice of what was seen before the model knew it, though he left and came back since.', async () => {
    const of = history(1)
    const rig = await startGateway({
      world: of,
      timelines: {
        // As the real one: who has seen more than the model is ahead of it, not of the log.
        backlog: async (user, seen) => {
          const { position, value } = await of.timelines.backlog(user, seen)
          return { position, value: value.map((each) => ({ ...each, reset: false })) }
        },
      },
    })
    of.commit(said(), said())
    of.commit(removed())
    of.commit(joined())
    of.commit(said())
    const talk = await signedInSocket(rig.port, ada.id, { [tea]: 3 })
    await saw(talk, 6)
    expect(talk.revisions(tea)).toEqual([4, 5, 6])
  })

  it('GW22 sends what was missed and goes on live, without a hole and without a double.', async () => {
    const rig = await startGateway({ world: history(10) })
    const talk = await signedInSocket(rig.port, ada.id, { [tea]: 4 })
    rig.world.commit(said())
    await saw(talk, 11)
    expect(talk.revisions(tea)).toEqual(range(5, 11))
    const fresh = await signedInSocket(rig.port, ada.id, { [tea]: -1 })
    await saw(fresh, 11)
    expect(fresh.revisions(tea)).toEqual(range(0, 11))
  })

  it('GW22 takes what the model does not have yet from what was published, and reads no backlog for it.', async () => {
    const of = history(3)
    let backlogs = 0
    const rig = await startGateway({
      world: of,
      timelines: {
        backlog: (user, seen) => {
          backlogs++
          return of.timelines.backlog(user, seen)
        },
      },
    })
    of.commit(said(), said(), said())
    of.commit(said())
    const talk = await signedInSocket(rig.port, ada.id, { [tea]: 5 })
    await saw(talk, 7)
    expect(talk.revisions(tea)).toEqual([6, 7])
    const current = await signedInSocket(rig.port, ada.id, { [tea]: 7 })
    of.commit(said())
    await saw(current, 8)
    expect([current.revisions(tea), backlogs]).toEqual([[8], 0])
  })

  it('GW22 joins a backlog that ends in the middle of a commit to the rest of it.', async () => {
    const of = history(3)
    const rig = await startGateway({ world: of, reached: async () => true })
    of.commit(said(), said(), said(), said())
    of.advance(6)
    const talk = await signedInSocket(rig.port, ada.id, { [tea]: 1 })
    await saw(talk, 7)
    expect(talk.revisions(tea)).toEqual(range(2, 7))
  })

  it('GW23 sends what is asked too much of afresh: ahead of the head, over the bounds, more than 200.', async () => {
    const of = world()
    const many = range(0, limits.resume.conversations).map(group)
    for (const conversation of many) of.commit(joined(conversation), said(conversation))
    of.commit(joined(), ...range(1, limits.resume.events + 1).map(() => said()))
    of.advance()
    const rig = await startGateway({ world: of })
    const far = await signedInSocket(rig.port, ada.id, { [tea]: 0 })
    await eventually(() => resets(far).length === 1)
    const ahead = await signedInSocket(rig.port, ada.id, { [tea]: 5_000 })
    await eventually(() => resets(ahead).length === 1)
    const wide = await signedInSocket(rig.port, ada.id, Object.fromEntries(many.map((each) => [each, 0])))
    await eventually(() => many.filter((each) => wide.revisions(each).join() === '1').length === 200)
    expect(resets(wide)).toEqual([many[200]])
    of.commit(said(), said(many[200]))
    await saw(wide, 2, many[200])
    for (const talk of [far, ahead]) {
      await saw(talk, 1_002)
      expect(talk.revisions(tea)).toEqual([1_002])
    }
  })

  it('GW23 passes over in silence what is not his, what is no id, and what looks like a prototype.', async () => {
    const of = history(3)
    const rig = await startGateway({ world: of })
    const talk = await openSocket(rig.port)
    talk.frame({ type: 'hello', token: tokenOf(eve.id), resume: { [tea]: 0, nonsense: 1, toString: 2 } })
    await talk.get('ready')
    talk.frame({ type: 'ping' })
    await talk.get('pong')
    expect(talk.seen.map(({ type }) => type)).toEqual(['ready', 'pong'])
  })

  it('GW24 stops when he is removed meanwhile: nothing of the backlog is told, and he is to read afresh.', async () => {
    const of = history(10)
    const rig = await startGateway({
      world: of,
      timelines: {
        backlog: async (user, seen) => {
          const answer = await of.timelines.backlog(user, seen)
          of.commit(said(), removed(), said())
          return answer
        },
      },
    })
    const talk = await signedInSocket(rig.port, ada.id, { [tea]: 0 })
    await eventually(() => resets(talk).length === 1)
    talk.frame({ type: 'ping' })
    await talk.get('pong')
    expect(talk.revisions(tea)).toEqual([])
  })

  it('GW24 tells nothing of the time between a removal and a return, though it was published a moment ago.', async () => {
    const of = world({ sinceJoining: true })
    of.commit(joined(), said(), said(), said())
    of.advance()
    const rig = await startGateway({ world: of })
    of.commit(said(), removed(), said(), said())
    of.commit(joined(), said())
    const talk = await signedInSocket(rig.port, ada.id, { [tea]: 3 })
    of.commit(said())
    await saw(talk, 10)
    expect(talk.revisions(tea)).toEqual([8, 9, 10])
  })

  it('GW25 waits while the reader does not take it, in the middle of a conversation too, and then goes on.', async () => {
    const of = history(500)
    const sockets = memorySockets()
    const long = 'x'.repeat(2_000)
    const rig = await startGateway({
      world: of,
      sockets: sockets.adapter,
      timelines: { backlog: async (user, seen) => lengthened(await of.timelines.backlog(user, seen), long) },
    })
    const client = sockets.connect()
    client.stall()
    client.say({ type: 'hello', token: tokenOf(ada.id), resume: { [tea]: 0 } })
    await eventually(() => rig.gateway.stats.resuming === 1)
    await pause(20)
    client.read()
    expect(client.frames.length).toBeLessThanOrEqual(5)
    await eventually(() => rig.gateway.stats.resuming === 0)
    const told = client.frames.flatMap((frame) => JSON.parse(frame).events ?? [])
    expect(told.map(({ revision }) => revision)).toEqual(range(1, 500))
  })

  it('GW25 is paced by the reader: a large backlog to a slow one is not kept in memory, and comes whole.', async () => {
    const of = world()
    const rooms = range(1, 12).map(group)
    let questions = 0
    const long = 'x'.repeat(2_000)
    for (const room of rooms) of.commit(joined(room), ...range(1, 900).map(() => said(room)))
    of.advance()
    const rig = await startGateway({
      world: of,
      timelines: {
        backlog: async (user, seen) => {
          questions++
          return lengthened(await of.timelines.backlog(user, seen), long)
        },
      },
    })
    const slow = await rawSocket(rig.port)
    await slow.upgrade()
    slow.pause()
    slow.say({ type: 'hello', token: tokenOf(ada.id), resume: Object.fromEntries(rooms.map((room) => [room, 0])) })
    await eventually(() => rig.gateway.stats.resumed === 1)
    await pause(300)
    const before = questions
    expect(rig.gateway.stats.signedIn).toBe(1)
    slow.resume()
    await eventually(() => rig.gateway.stats.resuming === 0)
    expect(questions).toBeGreaterThan(before)
    rig.world.commit(said(rooms.at(-1)))
    const text = await slow.until((heard) => heard.slice(-1_000).includes('"revision":901,'))
    const told = [...text.matchAll(/"revision":(\d+),"type":"MessageSent"/g)].map((found) => Number(found[1]))
    expect(told).toEqual([...rooms.flatMap(() => range(1, 900)), 901])
    slow.cut()
  })
})
