import { type ConversationId, idOf, type UserId } from '@verbatim/protocol'
import { ada, bob, cleo, tea } from '@verbatim/protocol/examples'
import type { Recorded } from '@verbatim/services/event-log'
import type { LiveMessage } from '@verbatim/services/live'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { recorder, relaying, verbs, walk } from './relay.examples.ts'

/** Who asks what of which conversation; turned into an event where it makes sense there. */
const step = fc.record({
  which: fc.integer({ min: 0, max: 1 }),
  user: fc.constantFrom(ada, bob, cleo),
  verb: fc.constantFrom('send', 'send', 'add', 'remove', 'leave', 'request'),
  /** Whether a commit ends here, and whether it is delivered again. */
  ends: fc.constantFrom('no', 'no', 'yes', 'doubled'),
})

it('RL9 nobody gets an event of a conversation that he is not in, and each member gets each one once in order', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), (steps) => {
      const { history, batches } = happened(steps)
      const { commit, published } = relaying()
      for (const batch of batches) commit(...batch)
      expect(received(published)).toEqual(entitled(history))
    }),
    { seed: 41, numRuns: 400 },
  )
})

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

const happened = (steps: readonly Step[]) => {
  const record = recorder()
  const rooms = [tea, walk].map((id) => ({ ...verbs(record, id), members: new Set<UserId>(), begun: false }))
  const history: Recorded[] = []
  const batches: Recorded[][] = []
  let batch: Recorded[] = []
  for (const { which, user, verb, ends } of steps) {
    const event = occur(rooms[which] as Room, user, verb)
    if (event) {
      history.push(event)
      batch.push(event)
    }
    if (ends === 'no') continue
    batches.push(batch, ...(ends === 'doubled' ? [batch] : []))
    batch = []
  }
  return { history, batches: [...batches, batch] }
}

type Room = ReturnType<typeof verbs> & { members: Set<UserId>; begun: boolean }
const occur = (room: Room, user: UserId, verb: string): Recorded | undefined => {
  if (!room.begun) {
    room.begun = true
    room.members.add(user)
    return room.started(user)
  }
  const inside = room.members.has(user)
  if (verb === 'request') return room.between('FriendRequested', ada, bob)
  if (verb === 'add' && !inside) {
    room.members.add(user)
    return room.added(user)
  }
  if (!inside) return undefined
  if (verb === 'send') return room.sent('hi', user)
  if (verb === 'add') return undefined
  room.members.delete(user)
  return verb === 'leave' ? room.left(user) : room.removed(user)
}

type Inboxes = Record<string, number[]>
const put = (inboxes: Inboxes, user: UserId, conversation: string, revision: number): void => {
  const key = `${user} ${conversation}`
  inboxes[key] = [...(inboxes[key] ?? []), revision]
}

/** Told one event at a time: who is in before or behind an event may see it. */
const entitled = (history: readonly Recorded[]): Inboxes => {
  const members = new Map<string, Set<UserId>>()
  const inboxes: Inboxes = {}
  for (const { stream, type, json, revision } of history) {
    if (!stream.startsWith('conversation-')) continue
    const before = members.get(stream) ?? new Set<UserId>()
    const behind = new Set(before)
    const data = JSON.parse(json) as { user: UserId; members: UserId[] }
    if (type === 'GroupStarted') for (const user of data.members) behind.add(user)
    if (type === 'MemberAdded') behind.add(data.user)
    if (type === 'MemberRemoved' || type === 'MemberLeft') behind.delete(data.user)
    members.set(stream, behind)
    for (const user of new Set([...before, ...behind])) put(inboxes, user, idOf(stream), revision)
  }
  return inboxes
}

/** A gateway that knows only what it is told. */
const received = (published: readonly LiveMessage[]): Inboxes => {
  const members = new Map<ConversationId, Set<UserId>>()
  const inboxes: Inboxes = {}
  for (const message of published) {
    if (message.kind === 'joined' || message.kind === 'left') {
      const inside = members.get(message.conversation) ?? new Set<UserId>()
      members.set(message.conversation, inside)
      if (message.kind === 'joined') inside.add(message.user)
      else inside.delete(message.user)
    }
    if (message.kind !== 'conversation') continue
    const { conversation, events } = JSON.parse(message.frame) as {
      conversation: string
      events: { revision: number }[]
    }
    expect([events[0]?.revision, events.at(-1)?.revision]).toEqual([message.first, message.last])
    for (const user of members.get(message.conversation) ?? [])
      for (const { revision } of events) put(inboxes, user, conversation, revision)
  }
  return inboxes
}
