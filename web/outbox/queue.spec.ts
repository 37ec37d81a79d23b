import type { Ulid } from '@verbatim/protocol'
import { ada, adaAndBob, bob, hello, idAt, tea } from '@verbatim/protocol/examples'
import { describe, expect, it } from 'vitest'
import { fakeConversation } from '../timeline/conversation.rig.ts'
import { shownMessages } from '../timeline/shown.ts'
import { accepted, act, item, refused } from './outbox.examples.ts'
import { added, answered, discarded, type Item, lanes, moved, nextOf, type Queue, retried, settled } from './queue.ts'

const refusedAs = (id: Ulid) => ({ ...refused(1, 'not-found'), id })

describe('the outbox', () => {
  it('WB30 sends one at a time in each conversation, in the order of writing', () => {
    const queue = [item(1), item(2, adaAndBob), item(3)]
    expect(lanes(queue)).toEqual([tea, adaAndBob])
    expect(nextOf(queue, tea)).toBe(queue[0])
    expect(nextOf(answered(queue, accepted(1)), tea)?.command.id).toBe(idAt(3))
    expect(added(queue, item(3))).toBe(queue)
  })

  it('WB31 keeps a sent message on the screen until the timeline has it', () => {
    const sent = answered([item(1)], accepted(1, 7))
    expect(sent[0]).toMatchObject({ state: 'sent', revision: 7 })
    expect(settled(sent, tea, 6)).toBe(sent)
    expect(settled(sent, adaAndBob, 7)).toBe(sent)
    expect(settled(sent, tea, 7)).toEqual([])
  })

  it('WB32 keeps what was refused for now, and tells what was refused for good', () => {
    const queue = [item(1)]
    for (const passing of ['too-fast', 'unavailable', 'disk-full'] as const)
      expect(answered(queue, refused(1, passing, 1))).toEqual(queue)
    expect(answered(queue, refused(1, 'blocked'))[0]).toMatchObject({ state: 'failed', reason: 'blocked' })
    const reaction = act(1, { type: 'React', conversation: tea, message: hello, emoji: '👍' })
    expect(answered([reaction], refused(1, 'not-found'))).toEqual([])
  })

  it('WB33 goes on past a failed message, and a retried one goes under its id behind the others', () => {
    const failed = answered([item(1), item(2)], refused(1, 'blocked'))
    expect(nextOf(failed, tea)?.command.id).toBe(idAt(2))
    const again = retried(failed, idAt(1), 3)
    expect(again.map(({ command, state }) => [command.id, state])).toEqual([
      [idAt(2), 'queued'],
      [idAt(1), 'queued'],
    ])
    expect(again[1]).not.toHaveProperty('reason')
    expect(retried(again, idAt(2), 9)).toEqual(again)
    expect(discarded(again, idAt(1))).toHaveLength(1)
    expect(moved(again, idAt(1), 0)[0]?.command.id).toBe(idAt(1))
  })

  it('WB34 is laid over the timeline: queued messages stand last, and once where the server has them too', () => {
    const fake = fakeConversation()
    fake.send(bob, 'hello')
    const { messages } = fake.page({ limit: 10 })
    const shown = shownMessages(messages, [item(1), item(2)], ada)
    expect(shown.map(({ body }) => body?.text)).toEqual(['hello', 'message 1', 'message 2'])
    expect(shown.map(({ sending }) => sending)).toEqual([undefined, 'queued', 'queued'])
    const landed = [...messages, { ...shown[1], revision: 2 } as (typeof messages)[number]]
    expect(shownMessages(landed, [item(1)], ada)).toHaveLength(2)
  })

  it('WB35 draws edits, deletions and reactions before they are answered, and nothing of them when they are refused', () => {
    const fake = fakeConversation()
    fake.send(ada, 'hello')
    const { messages } = fake.page({ limit: 10 })
    const message = messages[0]?.id ?? hello
    const react = act(1, { type: 'React', conversation: tea, message, emoji: '👍' })
    const body = { text: 'changed' }
    const edit: Item = {
      ...item(2),
      command: { id: idAt(2), type: 'EditMessage', conversation: tea, message, body },
    }
    const remove: Item = { ...item(3), command: { id: idAt(3), type: 'DeleteMessage', conversation: tea, message } }
    expect(shownMessages(messages, [react], ada)[0]?.reactions).toEqual([{ emoji: '👍', users: [ada] }])
    expect(shownMessages(messages, [react, react], ada)[0]?.reactions).toHaveLength(1)
    expect(shownMessages(messages, [edit], ada)[0]).toMatchObject({ body })
    expect(shownMessages(messages, [remove], ada)[0]).toMatchObject({ body: null, deleted: true })
    const refusedAll = [react, remove].reduce<Queue>(
      (queue, { command }) => answered(queue, refusedAs(command.id)),
      [react, remove],
    )
    expect(shownMessages(messages, refusedAll, ada)).toEqual(messages)
  })
})
