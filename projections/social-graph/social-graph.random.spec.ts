import type { Projected } from '@verbatim/projections/projector'
import { accountStream, conversationStream, directConversation, type UserId } from '@verbatim/protocol'
import { ada, bob, cleo, eve, groupStarted, tea } from '@verbatim/protocol/examples'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { happening, model } from './social-graph.examples.ts'

describe('over random histories', () => {
  it('SG10 a rebuilt model equals the live one, in batches of any size and with every delivery doubled', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (taken) => {
        const { history } = happened(taken)
        const [live, doubled, rebuilt] = [model(), model(), model()]
        for (const event of history) await live.take([event])
        for (let from = 0; from < history.length; from += 7) {
          const batch = history.slice(from, from + 7)
          await doubled.take(batch)
          await doubled.take(history.slice(Math.max(0, from - 3), from + batch.length))
        }
        await rebuilt.take(history)
        const lines = await live.lines()
        expect(await doubled.lines()).toEqual(lines)
        expect(await rebuilt.lines()).toEqual(lines)
      }),
      { seed: 45, numRuns: 20 },
    )
  })

  it('SG10 a stream that is applied later than its neighbours gives the same model', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (taken) => {
        const { history } = happened(taken)
        const streams = [...new Set(history.map(({ stream }) => stream))].reverse()
        const [inOrder, byStream] = [model(), model()]
        await inOrder.take(history)
        await byStream.setAside(history)
        for (const stream of streams) await byStream.settle(history.filter((event) => event.stream === stream))
        expect(await byStream.lines()).toEqual(await inOrder.lines())
      }),
      { seed: 46, numRuns: 20 },
    )
  })

  it('SG10 friends, requests and members are those that a plain account of the events gives', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (taken) => {
        const { history, friends, asked, members } = happened(taken)
        const graph = await model().after(history)
        for (const user of cast) {
          expect(new Set((await graph.friends(user)).value.map(({ id }) => id))).toEqual(
            new Set(cast.filter((other) => friends.has(pairOf(user, other)))),
          )
          expect((await graph.requests(user)).value.outgoing.map(({ id }) => id)).toEqual(
            asked.filter(([from]) => from === user).map(([, to]) => to),
          )
          const group = (await graph.conversation(user, tea)).value
          expect(group?.members.map(({ id }) => id)).toEqual(members.includes(user) ? members : undefined)
        }
      }),
      { seed: 47, numRuns: 30 },
    )
  })
})

const cast: readonly UserId[] = [ada, bob, cleo, eve]
const step = fc.record({
  verb: fc.constantFrom('ask', 'ask', 'answer', 'unfriend', 'block', 'add', 'add', 'remove', 'name', 'prefer'),
  one: fc.constantFrom(...cast),
  other: fc.constantFrom(...cast),
  yes: fc.boolean(),
})
const steps = fc.array(step, { maxLength: 50 })
type Taken = readonly { verb: string; one: UserId; other: UserId; yes: boolean }[]

const pairOf = (one: UserId, other: UserId): string => (one === other ? '' : directConversation(one, other))

/** Turns steps into what could have happened, and keeps account of it in the plainest way. */
const happened = (taken: Taken) => {
  const { history, on, registers, between, prefers } = happening()
  const friends = new Set<string>()
  let asked: [UserId, UserId][] = []
  let members: UserId[] = []
  registers('ada', 'cleo')
  for (const { verb, one, other, yes } of taken) {
    const pair = pairOf(one, other)
    const waiting = asked.find(([from, to]) => pairOf(from, to) === pair)
    if (verb === 'ask' && pair && !waiting && !friends.has(pair)) {
      between('FriendRequested', one, other)
      asked.push([one, other])
    } else if (verb === 'answer' && pair && waiting) {
      between(yes ? 'FriendAccepted' : 'RequestDeclined', ...waiting)
      if (yes) friends.add(pair)
      asked = asked.filter((each) => each !== waiting)
    } else if (verb === 'unfriend' && friends.delete(pair)) between('FriendRemoved', one, other)
    else if (verb === 'block' && pair) between(yes ? 'PersonBlocked' : 'PersonUnblocked', one, other)
    else if (verb === 'name')
      on(accountStream(ada), { type: 'ProfileChanged', data: { user: ada, name: yes ? 'A' : null } })
    else if (verb === 'prefer') prefers(one, { type: 'PreferencesSet', data: { hidePresence: yes } })
    else if (members.length === 0 && verb === 'add') {
      members = [one]
      if (history.some(({ type }) => type === 'GroupStarted'))
        on(conversationStream(tea), { type: 'MemberAdded', data: { user: one, n: 0 } })
      else on(conversationStream(tea), groupStarted({ members }), one)
    } else if (verb === 'add' && !members.includes(one)) {
      members.push(one)
      on(conversationStream(tea), { type: 'MemberAdded', data: { user: one, n: 0 } })
    } else if (verb === 'remove' && members.includes(one)) {
      members = members.filter((each) => each !== one)
      on(conversationStream(tea), { type: yes ? 'MemberLeft' : 'MemberRemoved', data: { user: one } })
    }
  }
  return { history: history as readonly Projected[], friends, asked, members }
}
