import { eventSchemas } from '@verbatim/protocol'
import {
  ada,
  bob,
  editMessage,
  groupRenamed,
  groupStarted,
  hello,
  idAt,
  memberAdded,
  memberRemoved,
  messageDeleted,
  messageEdited,
  messagePinned,
  messageSent,
  reactionAdded,
  roleChanged,
  sendMessage,
  startGroup,
} from '@verbatim/protocol/examples'
import { describe, expect, it } from 'vitest'
import { from, stateAfter } from '../given.ts'
import { decode, encode, weightOf } from './codec.ts'
import { conversation } from './decider.ts'
import { needsOf } from './needs.ts'
import { type Open, ordinalAt, WINDOW } from './state.ts'

const after = (...events: Parameters<typeof conversation.evolve>[1][]): Open => {
  const state = stateAfter(conversation, events)
  if (state.status !== 'open') throw new Error('it is not open')
  return state
}
const said = (count: number) =>
  Array.from({ length: count }, (_, i) => from(ada, messageSent({ message: idAt(1_000 + i), n: i + 1 })))
const asked = <C>(command: C) => ({ ...command, by: ada, at: 0, digest: '' })

describe('the state of a conversation', () => {
  it('CV30 holds a window of messages, whatever was said', () => {
    const state = after(from(ada, groupStarted()), ...said(WINDOW + 50))
    expect(state.window.size).toBe(WINDOW)
    expect([...state.window.keys()][0]).toBe(idAt(1_050))
    expect({ n: state.n, revision: state.revision }).toEqual({ n: WINDOW + 50, revision: WINDOW + 50 })
  })

  it('CV30 asks for a message only when it may have forgotten it', () => {
    const edit = asked(editMessage({ message: idAt(1_000) }))
    expect(needsOf(edit, after(from(ada, groupStarted()), ...said(WINDOW)), 250)).toBeUndefined()
    expect(needsOf(edit, after(from(ada, groupStarted()), ...said(WINDOW + 1)), 250)).toEqual({
      messages: [idAt(1_000)],
    })
    expect(needsOf(asked(editMessage()), after(from(ada, groupStarted()), ...said(WINDOW)), 250)).toBeUndefined()
  })

  it('CV30 asks for nothing to send a message, nor for an outsider', () => {
    const state = after(from(ada, groupStarted()), ...said(WINDOW + 1))
    expect(needsOf(asked(sendMessage()), state, 250)).toBeUndefined()
    expect(needsOf({ ...asked(editMessage()), by: idAt(77) }, state, 250)).toBeUndefined()
  })

  it('CV6 asks after nobody for a group that is too large', () => {
    expect(needsOf(asked(startGroup()), conversation.initial, 2)).toBeUndefined()
    expect(needsOf(asked(startGroup()), conversation.initial, 3)?.people).toHaveLength(2)
  })

  it('RD5 knows the ordinal at a revision as far back as its window', () => {
    const state = after(
      from(ada, groupStarted()),
      ...said(3),
      from(ada, memberRemoved()),
      from(ada, messageSent({ n: 4 })),
    )
    expect([0, 1, 3, 4, 5].map((revision) => ordinalAt(state, revision))).toEqual([0, 1, 3, 3, 4])
    const long = after(from(ada, groupStarted()), ...said(WINDOW + 50))
    expect(ordinalAt(long, 50)).toBeUndefined()
    expect(ordinalAt(long, 51)).toBe(51)
  })

  const full = () =>
    after(
      from(ada, groupStarted({ history: 'since-joining' })),
      from(ada, messageSent({ body: { text: 'SECRET', replyTo: idAt(9) } })),
      from(bob, messageSent({ message: idAt(40), n: 2, body: { text: 'SECRET' } })),
      from(ada, messageEdited({ body: { text: 'SECRET' } })),
      from(bob, reactionAdded()),
      from(ada, messageDeleted({ message: idAt(40) }), 5),
      from(ada, messagePinned()),
      from(ada, roleChanged()),
      from(ada, memberAdded()),
      from(ada, groupRenamed({ name: 'SECRET' })),
    )

  it('CH10 is read back from a snapshot as it was', () => {
    expect(decode(JSON.parse(JSON.stringify(encode(full()))))).toEqual(full())
    expect(decode(JSON.parse(JSON.stringify(encode(conversation.initial))))).toEqual(conversation.initial)
  })

  it('CH10 leaves no word of what is personal in a snapshot', () => {
    const digests = (key: string, value: unknown) => (key === 'edit' || key === 'name' ? undefined : value)
    expect(JSON.stringify(encode(full()), digests)).not.toContain('SECRET')
    expect(eventSchemas.GroupStarted.data.shape.name.meta()).toMatchObject({ personal: true })
  })

  it('CH14 weighs more the more it holds', () => {
    expect(weightOf(full())).toBeGreaterThan(weightOf(after(from(ada, groupStarted()))))
    expect(
      weightOf(after(from(ada, groupStarted()), ...said(2), from(bob, reactionAdded({ message: idAt(1_000) })))),
    ).toBeGreaterThan(weightOf(after(from(ada, groupStarted()), ...said(2))))
  })

  it('CV24 forgets a reaction with its last person', () => {
    const state = after(from(ada, groupStarted()), from(ada, messageSent()), from(bob, reactionAdded()), {
      ...from(bob, reactionAdded()),
      type: 'ReactionRemoved',
    })
    expect(state.window.get(hello)).toEqual({ sender: ada, revision: 1 })
  })
})
