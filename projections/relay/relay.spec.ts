import {
  accountStream,
  conversationStream,
  type PublicEvent,
  preferencesStream,
  snapshotStream,
} from '@verbatim/protocol'
import { ada, adaAndBob, again, bob, cleo, hello, noon, tea } from '@verbatim/protocol/examples'
import { memoryEventLog } from '@verbatim/services/event-log'
import { type LiveMessage, localLive } from '@verbatim/services/live'
import { describe, expect, it, vi } from 'vitest'
import { recorder, relaying, verbs, walk } from './relay.examples.ts'
import { relay } from './relay.ts'

describe('what a conversation tells its members', () => {
  it("RL1 a commit's events of one conversation are one frame, word for word and in order", () => {
    const { commit, published } = relaying()
    const { sent } = verbs()
    const events = [sent('hi "there"\n'), sent('🍵')]
    commit(...events)
    expect(published).toHaveLength(1)
    expect(published[0]).toMatchObject({ kind: 'conversation', conversation: tea, first: 0, last: 1, position: 2 })
    expect(JSON.parse((published[0] as { frame: string }).frame)).toEqual({
      type: 'events',
      conversation: tea,
      events: events.map(({ revision, type, id, actor, json }) => {
        return { revision, type, id, actor, at: new Date(noon).toISOString(), data: JSON.parse(json) }
      }),
    })
  })

  it('RL10 who joined after a message hears that it was edited, and none of its words', () => {
    const { commit, published } = relaying()
    const record = recorder()
    const { sent } = verbs(record)
    const data = { unseenBy: [bob], message: hello, body: { text: 'secret' } }
    commit(sent('before'), record(conversationStream(tea), 'MessageEdited', data), sent('after'))
    expect(published).toMatchObject([
      { first: 0, last: 0 },
      { first: 1, last: 1, instead: { users: [bob] } },
      { first: 2 },
    ])
    const edited = published[1]
    if (edited?.kind !== 'conversation') throw new Error('no frame')
    const dataIn = (frame = '') => JSON.parse(frame).events[0].data
    expect(dataIn(edited.frame)).toEqual({ message: hello, body: { text: 'secret' } })
    expect(dataIn(edited.instead?.frame)).toEqual({ message: hello, body: null })
  })

  it('RL10 who joined after a message gets an answer to it without what it answers', () => {
    const { commit, published } = relaying()
    const record = recorder()
    const data = { unseenBy: [bob], message: again, n: 1, body: { text: 'So', replyTo: hello } }
    commit(record(conversationStream(tea), 'MessageSent', data))
    const sent = published[0]
    if (sent?.kind !== 'conversation') throw new Error('no frame')
    expect(JSON.parse(sent.frame).events[0].data.body).toEqual({ text: 'So', replyTo: hello })
    expect(JSON.parse(sent.instead?.frame ?? '').events[0].data.body).toEqual({ text: 'So' })
  })

  it('RL10 a text that looks like the mark is a text', () => {
    const { commit, published } = relaying()
    commit(verbs().sent('{"unseenBy":["everybody"]}'))
    expect(published).toHaveLength(1)
    expect(published[0]).not.toHaveProperty('instead')
  })

  it('RL1 two conversations of one commit have a frame each', () => {
    const { commit, published } = relaying()
    const record = recorder()
    const [one, other] = [verbs(record, tea), verbs(record, walk)]
    commit(one.sent('1'), other.sent('2'), one.sent('3'))
    expect(published).toMatchObject([
      { conversation: tea, first: 0, last: 1, position: 3 },
      { conversation: walk, first: 0, last: 0, position: 2 },
    ])
  })

  it('RL2 who is removed gets the removal as the last event, also within one commit', () => {
    const { commit, story } = relaying()
    const { sent, removed } = verbs()
    commit(sent('before'), removed(bob), sent('after'))
    expect(story()).toEqual(['events 0-1', 'left bob', 'events 2-2'])
  })

  it('RL2 who leaves gets the leaving as the last event, also when nothing follows', () => {
    const { commit, story } = relaying()
    commit(verbs().left(bob))
    expect(story()).toEqual(['events 0-0', 'left bob'])
  })

  it('RL3 who is added gets the addition as the first event, and is told which conversation it is', () => {
    const { commit, story, published } = relaying()
    const { sent, added } = verbs()
    commit(sent('before'), added(bob), sent('after'))
    expect(story()).toEqual(['events 0-0', 'joined bob', 'user bob', 'events 1-2'])
    const { frame } = published[2] as { frame: string }
    expect(JSON.parse(frame)).toMatchObject({
      type: 'events',
      user: true,
      position: '2',
      events: [{ type: 'MemberAdded', actor: ada, data: { conversation: tea, user: bob, n: 1 } }],
    })
    expect(frame).not.toContain('revision')
  })

  it('RL3 everybody in a new group has joined before its first event, its creator too', () => {
    const { commit, story } = relaying()
    const { started, sent } = verbs()
    commit(started(ada, bob), sent('welcome'))
    expect(story()).toEqual(['joined ada', 'user ada', 'joined bob', 'user bob', 'events 0-1'])
  })

  it('RL3 both have joined a direct conversation before its first event', () => {
    const { commit, story } = relaying()
    commit(recorder()(conversationStream(adaAndBob), 'DirectOpened', { conversation: adaAndBob, members: [ada, bob] }))
    expect(story()).toEqual(['joined ada', 'user ada', 'joined bob', 'user bob', 'events 0-0'])
  })

  it('RL2 somebody added and removed in one commit gets these two events and no other', () => {
    const { commit, story } = relaying()
    const { sent, added, removed } = verbs()
    commit(sent('0'), added(bob), removed(bob), sent('3'))
    expect(story()).toEqual(['events 0-0', 'joined bob', 'user bob', 'events 1-2', 'left bob', 'events 3-3'])
  })

  it('RL3 somebody removed and added again in one commit misses what was said between', () => {
    const { commit, story } = relaying()
    const { sent, added, removed } = verbs()
    commit(removed(bob), sent('1'), added(bob), sent('3'))
    expect(story()).toEqual(['events 0-0', 'left bob', 'events 1-1', 'joined bob', 'user bob', 'events 2-3'])
  })

  it('RL2 a cut in one conversation leaves the frame of another whole', () => {
    const { commit, published } = relaying()
    const record = recorder()
    const [one, other] = [verbs(record, tea), verbs(record, walk)]
    commit(other.sent('0'), one.removed(bob), other.sent('1'))
    expect(published.filter((message) => 'conversation' in message && message.conversation === walk)).toMatchObject([
      { kind: 'conversation', first: 0, last: 1 },
    ])
  })

  it('RL4 a read mark comes behind the events of its commit and carries no revision of its own', () => {
    const { commit, story, published } = relaying()
    const { sent, read } = verbs()
    commit(sent('0'), read(bob, 1), sent('1'))
    expect(story()).toEqual(['events 0-1', 'read'])
    expect(JSON.parse((published[1] as { frame: string }).frame)).toEqual({
      type: 'read',
      conversation: tea,
      user: bob,
      revision: 1,
    })
  })

  it('RL4 a read mark from before a joining does not reach who joins', () => {
    const { commit, story } = relaying()
    const { added, read } = verbs()
    commit(read(bob, 0), added(cleo))
    expect(story()).toEqual(['read', 'joined cleo', 'user cleo', 'events 0-0'])
  })
})

describe('what a person is told', () => {
  it.each(['FriendRequested', 'RequestCancelled', 'FriendAccepted', 'FriendRemoved'] as const)(
    'RL5 %s is told to both sides',
    (type) => {
      const { commit, story, published } = relaying()
      commit(verbs().between(type, ada, bob))
      expect(story()).toEqual(['user ada', 'user bob'])
      expect(JSON.parse((published[0] as { frame: string }).frame).events).toMatchObject([
        { type, actor: ada, data: { from: ada, to: bob } },
      ])
    },
  )

  it('RL6 a block and its end are told only to who did it', () => {
    const { commit, story } = relaying()
    const { between } = verbs()
    commit(between('PersonBlocked', ada, bob), between('PersonUnblocked', ada, bob))
    expect(story()).toEqual(['user ada', 'user ada'])
  })

  it('RL6 a declined request is told only to who declined it', () => {
    const { commit, story } = relaying()
    commit(verbs().between('RequestDeclined', ada, bob, bob))
    expect(story()).toEqual(['user bob'])
  })

  it('RL7 profile and preferences are told to the sessions of that person alone', () => {
    const { commit, story } = relaying()
    const record = recorder()
    commit(
      record(accountStream(bob), 'ProfileChanged', { user: bob, name: 'Bob' }, bob),
      record(preferencesStream(bob), 'PreferencesSet', { doNotDisturb: true }, bob),
      record(preferencesStream(bob), 'ConversationPreferencesSet', { conversation: tea, pinned: true }, bob),
    )
    expect(story()).toEqual(['user bob', 'user bob', 'user bob'])
  })

  it('RL7 a registration and a snapshot are told to nobody', () => {
    const { commit, published } = relaying()
    const record = recorder()
    commit(
      record(accountStream(bob), 'AccountRegistered', { user: bob, handle: 'bob', name: 'Bob' }, bob),
      record(snapshotStream(accountStream(bob)), 'SnapshotTaken', { revision: 0, version: 1, state: {} }),
    )
    expect(published).toEqual([])
  })
})

describe('position', () => {
  it('RL8 an event that is delivered again is not published again', () => {
    const { commit, story, running } = relaying()
    const { sent, removed } = verbs()
    const batch = [sent('0'), sent('0'), removed(bob)] as const
    commit(batch[0], batch[0])
    commit(...batch)
    commit(...batch)
    expect(story()).toEqual(['events 0-0', 'events 1-2', 'left bob'])
    expect(running.position()).toBe(3)
  })

  it('RL8 on a log that lags and repeats, each event is published once and in order', async () => {
    const log = memoryEventLog({ seed: 42 })
    const live = localLive()
    const published: LiveMessage[] = []
    live.follow((message) => published.push(message))
    const running = relay({ log, live, from: 0 })
    const { sent } = verbs()
    for (let revision = 0; revision < 60; revision++)
      await log.append(conversationStream(tea), revision - 1, [sent('hi')])
    await vi.waitFor(() => expect(running.position()).toBe(60))
    // Time enough for what the log delivers again.
    for (let turns = 0; turns < 200; turns++) await null
    const revisions = published.flatMap((message) =>
      message.kind === 'conversation'
        ? JSON.parse(message.frame).events.map((event: PublicEvent) => event.revision)
        : [],
    )
    expect(revisions).toEqual(Array.from({ length: 60 }, (_, revision) => revision))
    await running.close()
    await expect(running.ended).resolves.toBeUndefined()
  })

  it('RL8 it follows from where it is told to and drops what came before', () => {
    const { commit, story, followedAfter, running } = relaying(1)
    const { sent } = verbs()
    expect(running.position()).toBe(1)
    commit(sent('0'), sent('1'))
    expect(followedAfter()).toBe(1)
    expect(story()).toEqual(['events 1-1'])
  })

  it('RL8 a position is reported once everything up to it is published', () => {
    const { commit, live, running } = relaying()
    const seen: number[] = []
    live.follow(() => seen.push(running.position()))
    const { sent } = verbs()
    commit(sent('0'), sent('1'))
    expect(seen).toEqual([0])
    expect(running.position()).toBe(2)
  })

  it('RL8 what ends the following is reported, and closing ends it well', async () => {
    const [broken, closed] = [relaying(), relaying()]
    broken.fail(new Error('corrupt'))
    await expect(broken.running.ended).rejects.toThrow('corrupt')
    await closed.running.close()
    await expect(closed.running.ended).resolves.toBeUndefined()
  })

  it('RL8 nothing is published once it is closed', async () => {
    const { commit, published, running } = relaying()
    await running.close()
    commit(verbs().sent('late'))
    expect(published).toEqual([])
  })
})
