import { type ConversationId, groupId, type UserId } from '@verbatim/protocol'
import { idAt } from '@verbatim/protocol/examples'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type MemoryClient, memorySockets } from './rig/memory-sockets.ts'
import { cast, startGateway, tokenOf } from './rig/rig.ts'
import { type World, world } from './rig/world.ts'

const users: readonly UserId[] = [cast.ada.id, cast.bob.id, cast.eve.id]
const rooms: readonly ConversationId[] = [1, 2, 3].map((n) => groupId(idAt(20_000 + n)))

const someone = fc.nat(users.length - 1)
const somewhere = fc.nat(rooms.length - 1)
const change = fc.record({
  room: somewhere,
  user: someone,
  type: fc.oneof({ weight: 9, arbitrary: fc.constant('said') }, { weight: 1, arbitrary: fc.constant('comes or goes') }),
})
/** What can happen in one turn. */
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('commit' as const),
      changes: fc.array(change, { minLength: 1, maxLength: 6 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('model' as const), by: fc.nat(12) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('answer' as const), which: fc.nat(5) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('hold' as const, 'release' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('connect' as const), user: someone, back: fc.nat(8) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const), which: fc.nat(5) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('stall' as const), which: fc.nat(5) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('read' as const), which: fc.nat(5) }) },
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

type Visit = { readonly client: MemoryClient; readonly user: UserId; readonly resume: Record<string, number> }
type Event = { readonly revision: number; readonly type: string; readonly actor: UserId }
type Frame = {
  type: string
  conversation?: ConversationId
  reset?: true
  events?: Event[]
  conversations?: { id: ConversationId; revision: number }[]
}

it('GW26 tells every socket each event exactly once, in order, from its resume point on and while he is a member.', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 120 }), async (steps) => {
      const { visits, of } = await play(steps)
      for (const visit of visits) judge(visit, of)
    }),
    { numRuns: 1_000, seed: 4 },
  )
}, 60_000)

/** Plays the steps, then lets everything come to rest and says one more thing in every room. */
const play = async (steps: readonly Step[]) => {
  const of = world({ sinceJoining: true })
  const sockets = memorySockets()
  const questions: (() => void)[] = []
  /** The model is asked when the answer is made: it may have gone on meanwhile, or not at all. */
  const later = <T>(answer: () => Promise<T>): Promise<T> =>
    new Promise((resolve) => questions.push(() => void answer().then(resolve)))
  const rig = await startGateway({
    world: of,
    sockets: sockets.adapter,
    timelines: {
      memberships: (user) => later(() => of.timelines.memberships(user)),
      backlog: (user, seen) => later(() => of.timelines.backlog(user, seen)),
    },
    reached: (_, position) =>
      later(async () => {
        of.advance(position)
        return of.modelAt >= position
      }),
  })
  const visits: Visit[] = []
  const seenBy = new Map<UserId, Visit>()
  const act = (what: Step) => {
    const visit = 'which' in what ? visits[what.which % Math.max(1, visits.length)] : undefined
    switch (what.do) {
      case 'commit':
        return of.commit(
          ...what.changes.map((each) => asChange(each, of)).filter((each, at, all) => isFirst(each, at, all)),
        )
      case 'model':
        return of.advance(of.modelAt + what.by)
      case 'hold':
        return of.hold()
      case 'release':
        return of.release()
      case 'answer':
        return questions.splice(what.which % Math.max(1, questions.length), 1)[0]?.()
      case 'connect': {
        const user = users[what.user] ?? cast.ada.id
        const resume = lastSeen(seenBy.get(user), what.back)
        const client = sockets.connect()
        client.say({ type: 'hello', token: tokenOf(user), resume })
        visits.push({ client, user, resume })
        seenBy.set(user, { client, user, resume })
        return
      }
      case 'leave':
        return visit?.client.leave()
      case 'stall':
        return visit?.client.stall()
      case 'read':
        return visit?.client.read()
    }
  }
  for (const conversation of rooms)
    of.commit(...users.map((user) => ({ conversation, user, type: 'MemberAdded' as const })))
  for (const what of steps) {
    act(what)
    await turn()
  }
  const rest = async () => {
    of.release()
    for (let quiet = 0; quiet < 3; quiet++) {
      for (const { client } of visits) client.read()
      of.advance()
      while (questions.length > 0) {
        questions.shift()?.()
        await turn()
        quiet = 0
      }
      await turn()
    }
  }
  await rest()
  for (const room of rooms) of.commit({ conversation: room, type: 'MessageSent', user: cast.cleo.id })
  await rest()
  await rig.stop()
  return { visits, of }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

type Wanted = { readonly room: number; readonly user: number; readonly type: string }
const asChange = ({ room, user, type }: Wanted, of: World) => {
  const conversation = rooms[room] ?? groupId(idAt(1))
  const person = users[user] ?? cast.ada.id
  const verb = of.isMember(person, conversation) ? ('MemberRemoved' as const) : ('MemberAdded' as const)
  return { conversation, user: person, type: type === 'said' ? ('MessageSent' as const) : verb }
}
/** One commit does not add somebody twice: a decider would not have let it. */
const isFirst = (change: ReturnType<typeof asChange>, at: number, all: ReturnType<typeof asChange>[]): boolean =>
  change.type === 'MessageSent' ||
  all.findIndex(
    (each) => each.type === change.type && each.user === change.user && each.conversation === change.conversation,
  ) === at

const framesOf = ({ client }: Visit): Frame[] => client.frames.map((frame) => JSON.parse(frame))

/** What a client names when it comes back: the last that it saw of each conversation, or something before. */
const lastSeen = (visit: Visit | undefined, back: number): Record<string, number> => {
  const seen: Record<string, number> = { ...visit?.resume }
  for (const { conversation, events, conversations } of visit ? framesOf(visit) : []) {
    for (const { id, revision } of conversations ?? []) seen[id] ??= revision
    const last = events?.at(-1)
    if (conversation && last) seen[conversation] = last.revision
  }
  return Object.fromEntries(Object.entries(seen).map(([id, revision]) => [id, Math.max(-1, revision - back)]))
}

const judge = (visit: Visit, of: World): void => {
  const frames = framesOf(visit)
  const ready = frames.find(({ type }) => type === 'ready')
  for (const room of rooms) {
    const head = ready?.conversations?.find(({ id }) => id === room)?.revision
    const from = head === undefined ? undefined : (visit.resume[room] ?? head) + 1
    const mine = frames.filter(({ conversation }) => conversation === room)
    const last = follow(mine, visit, { room, from, of })
    if (ready && visit.client.open && of.isMember(visit.user, room)) expect(last, 'the last word').toBe(of.headOf(room))
  }
}

type Course = { readonly room: ConversationId; readonly from: number | undefined; readonly of: World }

/** @returns the last revision that was told */
const follow = (frames: readonly Frame[], { user }: Visit, { room, from, of }: Course): number | undefined => {
  let expected = from
  let afresh = false
  let last: number | undefined
  for (const { events = [], reset } of frames) {
    if (reset) afresh = true
    else expect(events.length, 'no empty frame').toBeGreaterThan(0)
    for (const event of events) {
      const comes = event.type === 'MemberAdded' && event.actor === user
      if (!comes && !afresh) expect(event.revision, 'no gap and no double').toBe(expected)
      if (last !== undefined) expect(event.revision, 'never back').toBeGreaterThan(last)
      expect(wasMember(user, room, event.revision, of), 'only what is his').toBe(true)
      expected = event.type === 'MemberRemoved' && event.actor === user ? undefined : event.revision + 1
      last = event.revision
      afresh = false
    }
  }
  return last
}

const wasMember = (user: UserId, room: ConversationId, revision: number, of: World): boolean => {
  const own = of.facts.filter((fact) => fact.conversation === room && fact.user === user && fact.type !== 'MessageSent')
  const before = own.findLast((fact) => fact.revision <= revision)
  return before !== undefined && (before.type === 'MemberAdded' || before.revision === revision)
}
