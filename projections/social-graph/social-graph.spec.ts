import { accountStream, conversationStream } from '@verbatim/protocol'
import {
  ada,
  adaAndBob,
  bob,
  cleo,
  conversationPreferencesSet,
  directOpened,
  eve,
  groupRenamed,
  groupStarted,
  idAt,
  memberAdded,
  memberLeft,
  memberRemoved,
  people,
  preferencesSet,
  profileChanged,
  roleChanged,
  tea,
} from '@verbatim/protocol/examples'
import { describe, expect, it } from 'vitest'
import { happening, model } from './social-graph.examples.ts'

const inTea = conversationStream(tea)

describe('profiles', () => {
  it('SG1 a person has a handle, a name, and nothing to say at first', async () => {
    const { history, registers } = happening()
    registers('ada')
    const graph = await model().after(history)
    expect(await graph.me(ada)).toEqual({ position: 1, value: { ...people.ada, about: '' } })
    expect(await graph.person(ada)).toEqual({ position: 1, value: people.ada })
    expect(await graph.person(eve)).toEqual({ position: 1, value: undefined })
  })

  it('SG1 a change leaves alone what it does not name', async () => {
    const { history, registers, on } = happening()
    registers('ada')
    on(accountStream(ada), profileChanged({ name: 'Ada L.' }))
    on(accountStream(ada), { type: 'ProfileChanged', data: { user: ada, about: 'Numbers' } })
    const graph = await model().after(history)
    expect((await graph.me(ada)).value).toEqual({ id: ada, handle: 'ada', name: 'Ada L.', about: 'Numbers' })
  })

  it('SG1 what is erased is null', async () => {
    const { history, on } = happening()
    on(accountStream(ada), { type: 'AccountRegistered', data: { user: ada, handle: null, name: null } })
    on(accountStream(ada), { type: 'ProfileChanged', data: { user: ada, name: null, about: null } })
    const graph = await model().after(history)
    expect((await graph.me(ada)).value).toEqual({ id: ada, handle: null, name: null, about: null })
  })

  it('SG1 people come in the order asked, without the unknown', async () => {
    const { history, registers } = happening()
    registers('ada', 'bob')
    const graph = await model().after(history)
    expect((await graph.people([bob, eve, ada])).value).toEqual([people.bob, people.ada])
  })
})

describe('friends and requests', () => {
  it('SG2 both sides see a request, the oldest first', async () => {
    const { history, registers, between } = happening()
    registers('ada', 'bob', 'cleo', 'eve')
    between('FriendRequested', cleo, ada)
    between('FriendRequested', bob, ada)
    between('FriendRequested', ada, eve)
    const graph = await model().after(history)
    expect((await graph.requests(ada)).value).toEqual({ incoming: [people.cleo, people.bob], outgoing: [people.eve] })
    expect((await graph.requests(bob)).value).toEqual({ incoming: [], outgoing: [people.ada] })
  })

  it.each(['RequestCancelled', 'RequestDeclined'] as const)('SG2 after %s neither sees it', async (type) => {
    const { history, registers, between } = happening()
    registers('ada', 'bob')
    between('FriendRequested', ada, bob)
    between(type, ada, bob)
    const graph = await model().after(history)
    expect((await graph.requests(ada)).value.outgoing).toEqual([])
    expect((await graph.requests(bob)).value.incoming).toEqual([])
  })

  it('SG3 an accepted request makes both friends and is a request no more', async () => {
    const { history, registers, between } = happening()
    registers('ada', 'bob')
    between('FriendRequested', ada, bob)
    between('FriendAccepted', ada, bob)
    const graph = await model().after(history)
    expect((await graph.friends(ada)).value).toEqual([people.bob])
    expect((await graph.friends(bob)).value).toEqual([people.ada])
    expect((await graph.requests(ada)).value).toEqual({ incoming: [], outgoing: [] })
  })

  it('SG3 a friendship ends for both, whoever ends it', async () => {
    const { history, registers, between } = happening()
    registers('ada', 'bob')
    between('FriendAccepted', ada, bob)
    between('FriendRemoved', bob, ada)
    const graph = await model().after(history)
    expect((await graph.friends(ada)).value).toEqual([])
    expect((await graph.friends(bob)).value).toEqual([])
  })

  it('SG4 only who blocked sees the block, until it ends', async () => {
    const { history, registers, between } = happening()
    registers('ada', 'bob', 'cleo')
    between('PersonBlocked', ada, bob)
    between('PersonBlocked', ada, cleo)
    between('PersonBlocked', bob, ada)
    between('PersonUnblocked', ada, bob)
    const graph = await model().after(history)
    expect((await graph.blocked(ada)).value).toEqual([people.cleo])
    expect((await graph.blocked(bob)).value).toEqual([people.ada])
    expect((await graph.blocked(cleo)).value).toEqual([])
  })

  it('SG9 somebody whose account is not there yet stands in the lists without a name', async () => {
    const { history, registers, between, on } = happening()
    registers('ada')
    between('FriendAccepted', ada, bob)
    on(conversationStream(adaAndBob), directOpened())
    const graph = await model().after(history)
    const nameless = { id: bob, handle: null, name: null }
    expect((await graph.friends(ada)).value).toEqual([nameless])
    expect((await graph.conversation(ada, adaAndBob)).value?.members[1]).toEqual({ ...nameless, role: 'member' })
  })
})

describe('conversations', () => {
  it('SG5 a group shows its name, its history setting and its members, its creator as admin', async () => {
    const { history, registers, on } = happening()
    registers('ada', 'bob', 'cleo')
    on(inTea, groupStarted({ history: 'since-joining' }), bob)
    const graph = await model().after(history)
    expect((await graph.conversation(ada, tea)).value).toEqual({
      id: tea,
      kind: 'group',
      name: 'Tea',
      history: 'since-joining',
      members: [
        { ...people.ada, role: 'member' },
        { ...people.bob, role: 'admin' },
        { ...people.cleo, role: 'member' },
      ],
    })
  })

  it('SG5 a direct conversation has two members and no name', async () => {
    const { history, registers, on } = happening()
    registers('ada', 'bob')
    on(conversationStream(adaAndBob), directOpened())
    const graph = await model().after(history)
    expect((await graph.conversation(bob, adaAndBob)).value).toEqual({
      id: adaAndBob,
      kind: 'direct',
      name: null,
      history: 'whole',
      members: [
        { ...people.ada, role: 'member' },
        { ...people.bob, role: 'member' },
      ],
    })
  })

  it('SG5 members stand in the order of joining, who comes back at the end and as a member', async () => {
    const { history, on } = happening()
    on(inTea, groupStarted())
    on(inTea, roleChanged())
    on(inTea, memberLeft(), bob)
    on(inTea, memberAdded())
    on(inTea, memberAdded({ user: bob }))
    const graph = await model().after(history)
    const members = (await graph.conversation(ada, tea)).value?.members.map(({ id, role }) => [id, role])
    expect(members).toEqual([
      [ada, 'admin'],
      [cleo, 'member'],
      [eve, 'member'],
      [bob, 'member'],
    ])
  })

  it('SG5 a new name and a new role are seen, an erased name is null', async () => {
    const { history, on } = happening()
    on(inTea, groupStarted())
    on(inTea, groupRenamed())
    on(inTea, roleChanged())
    const mine = model()
    const graph = await mine.after(history)
    const before = (await graph.conversation(ada, tea)).value
    expect(before?.name).toBe('Tea at four')
    expect(before?.members.map(({ role }) => role)).toEqual(['admin', 'admin', 'member'])
    await mine.take([on(inTea, groupRenamed({ name: null }))])
    expect((await graph.conversation(ada, tea)).value?.name).toBeNull()
  })

  it('SG6 to an outsider, and to who left or was removed, it is as if it were not there', async () => {
    const { history, on } = happening()
    on(inTea, groupStarted())
    on(inTea, memberRemoved())
    on(inTea, memberLeft({ user: cleo }), cleo)
    const graph = await model().after(history)
    const nothing = await graph.conversation(ada, adaAndBob)
    for (const user of [bob, cleo, eve]) expect(await graph.conversation(user, tea)).toEqual(nothing)
    expect(nothing.value).toBeUndefined()
    expect((await graph.conversation(ada, tea)).value?.members).toHaveLength(1)
  })
})

describe('preferences', () => {
  it('SG7 who never set anything has the defaults', async () => {
    const graph = await model().after([happening().between('FriendRequested', ada, bob)])
    expect((await graph.preferences(ada)).value).toEqual({
      hidePresence: false,
      contact: 'everyone',
      doNotDisturb: false,
      hideContent: false,
      conversations: {},
    })
  })

  it('SG7 each setting stays until it is set again, also to false and to nothing', async () => {
    const { history, prefers } = happening()
    prefers(ada, preferencesSet({ hidePresence: true, doNotDisturb: true }))
    prefers(ada, { type: 'PreferencesSet', data: { doNotDisturb: false, hideContent: true } })
    const until = '2026-01-01T00:00:00.000Z'
    prefers(ada, conversationPreferencesSet({ mutedUntil: until, pinned: true, archived: true }))
    prefers(ada, {
      type: 'ConversationPreferencesSet',
      data: { conversation: tea, archived: false, markedUnread: true },
    })
    prefers(ada, conversationPreferencesSet({ conversation: adaAndBob, mutedUntil: until }))
    prefers(ada, { type: 'ConversationPreferencesSet', data: { conversation: adaAndBob, mutedUntil: null } })
    const graph = await model().after(history)
    expect((await graph.preferences(ada)).value).toEqual({
      hidePresence: true,
      contact: 'friends',
      doNotDisturb: false,
      hideContent: true,
      conversations: {
        [tea]: { level: 'mentions', mutedUntil: until, pinned: true, archived: false, markedUnread: true },
        [adaAndBob]: { level: 'mentions' },
      },
    })
    expect((await graph.preferences(bob)).value.contact).toBe('everyone')
  })
})

it('SG8 every answer carries the position of the moment that it tells of', async () => {
  const { history, registers, between } = happening()
  registers('ada', 'bob')
  const mine = model()
  const graph = await mine.after(history)
  expect(await graph.friends(ada)).toEqual({ position: 2, value: [] })
  await mine.take([between('FriendAccepted', ada, bob)])
  expect(await graph.friends(ada)).toEqual({ position: 3, value: [people.bob] })
  for (const answer of await Promise.all([
    graph.me(idAt(999)),
    graph.person(ada),
    graph.people([]),
    graph.requests(ada),
    graph.blocked(ada),
    graph.conversation(ada, tea),
    graph.preferences(ada),
  ]))
    expect(answer.position).toBe(3)
})
