import { directConversation, notYet } from '@verbatim/protocol'
import * as examples from '@verbatim/protocol/examples'
import { describe, expect, it } from 'vitest'
import { ask } from '../rig/asking.ts'
import { cast, sessionOf, startGateway, tokenOf } from '../rig/rig.ts'

const { ada, bob } = cast
const tea = directConversation(ada.id, bob.id)
const token = tokenOf(ada.id)

describe('commands over HTTP', () => {
  it('GW52 answers with what the handler answered, accepted or refused.', async () => {
    const rig = await startGateway({
      bus: async ({ command }) =>
        command.type === 'OpenDirect'
          ? { kind: 'accepted', id: command.id, revision: 3, position: '77', conversation: tea }
          : { kind: 'refused', id: command.id, reason: 'id-reused' },
    })
    const opened = await ask(rig.port, 'POST /api/commands', { token, body: examples.openDirect() })
    expect([opened.status, opened.json]).toEqual([
      200,
      { id: examples.openDirect().id, revision: 3, position: '77', conversation: tea },
    ])
    const refused = await ask(rig.port, 'POST /api/commands', { token, body: examples.leave() })
    expect([refused.status, refused.json]).toEqual([409, { refused: 'id-reused' }])
    expect(rig.orders.map(({ by, session }) => [by, session])).toEqual([
      [ada.id, sessionOf(ada.id)],
      [ada.id, sessionOf(ada.id)],
    ])
  })

  it.each(notYet)('GW52 answers %s with not-yet before a field is looked at.', async (type) => {
    const rig = await startGateway()
    const answer = await ask(rig.port, 'POST /api/commands', { token, body: { type } })
    expect(answer).toMatchObject({ status: 404, json: { refused: 'not-yet' } })
  })

  it('GW52 sends a friend request and its acceptance as the commands that they are, each with an id of its own.', async () => {
    const rig = await startGateway()
    const asked = await ask(rig.port, 'POST /api/me/friend/request', { token, body: { user: bob.id } })
    const added = await ask(rig.port, 'POST /api/me/friend/add', { token, body: { user: bob.id } })
    expect(rig.orders.map(({ command }) => command)).toMatchObject([
      { type: 'RequestFriend', user: bob.id },
      { type: 'AcceptFriend', user: bob.id },
    ])
    const ids = rig.orders.map(({ command }) => command.id)
    expect([asked.json, added.json]).toMatchObject(ids.map((id) => ({ id })))
    expect(new Set(ids).size).toBe(2)
  })
})
