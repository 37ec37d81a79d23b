import { directConversation } from '@verbatim/protocol'
import { idAt, sendMessage } from '@verbatim/protocol/examples'
import { describe, expect, it } from 'vitest'
import { ask } from './rig/asking.ts'
import { accepted, cast, startGateway, tokenOf } from './rig/rig.ts'
import { eventually, openSocket, signedInSocket } from './rig/talking.ts'

const { ada, bob } = cast
const tea = directConversation(ada.id, bob.id)
const send = (n: number) => sendMessage({ id: idAt(1_000 + n), conversation: tea })

describe('what a gateway counts', () => {
  it('OP79 commands by type and outcome, refusals by reason, over the socket and over HTTP, and how long answers took.', async () => {
    const rig = await startGateway({
      bus: async ({ command: { id } }) =>
        id === send(2).id ? { kind: 'refused', id, reason: 'not-found' } : accepted(id),
    })
    const talk = await signedInSocket(rig.port, ada.id)
    for (const n of [1, 2, 3]) talk.frame({ type: 'command', command: send(n) })
    talk.frame({ type: 'command', command: { ...send(4), body: 7 } })
    await talk.until(() => talk.seen.filter(({ type }) => type === 'refused').length === 2 || undefined)
    const token = tokenOf(ada.id)
    await ask(rig.port, 'POST /api/commands', { token, body: send(2) })
    await ask(rig.port, 'GET /api/me')
    await ask(rig.port, 'GET /api/nothing')
    const { accepted: done, refused, reasons, requests, seconds, people } = rig.gateway.stats
    expect([...done]).toEqual([['SendMessage', 2]])
    expect([...refused]).toEqual([['SendMessage', 2]])
    expect(Object.fromEntries(reasons)).toEqual({ 'not-found': 3, malformed: 1, 'not-signed-in': 1 })
    expect([...requests]).toEqual([['4xx', 3]])
    expect(seconds.counts.reduce((sum, count) => sum + count)).toBe(4)
    expect(people).toBe(1)
  })

  it('OP79 commands that are too fast, each frame with how many it went to, and why sockets closed.', async () => {
    const rig = await startGateway({ settings: { allowedOrigins: [], limits: true, trustProxy: false } })
    for (const user of [ada.id, bob.id]) rig.world.commit({ conversation: tea, type: 'MemberAdded', user })
    const [one, other] = [await signedInSocket(rig.port, ada.id), await signedInSocket(rig.port, bob.id)]
    rig.world.commit({ conversation: tea, type: 'MessageSent', user: ada.id })
    await other.get('events')
    for (let n = 0; n < 25; n++) one.frame({ type: 'command', command: send(n) })
    await one.until(() => one.seen.filter(({ type }) => type === 'refused').length === 5 || undefined)
    other.socket.close()
    const stranger = await openSocket(rig.port)
    stranger.frame({ type: 'hello', token: 'forged' })
    await stranger.closed()
    await eventually(() => rig.gateway.stats.closed.size === 2)
    const { reasons, refused, published, delivered, closed, lagging } = rig.gateway.stats
    expect([...reasons]).toEqual([['too-fast', 5]])
    expect([...refused]).toEqual([['SendMessage', 5]])
    expect(delivered).toBe(2)
    expect(published).toBeGreaterThan(0)
    expect(Object.fromEntries(closed)).toEqual({ gone: 1, 'not-signed-in': 1 })
    expect(lagging).toBe(0)
  })

  it('OP79 conversations that a client was told to read afresh.', async () => {
    const rig = await startGateway()
    rig.world.commit({ conversation: tea, type: 'MemberAdded', user: ada.id })
    await signedInSocket(rig.port, ada.id, { [tea]: 99 })
    expect(rig.gateway.stats.resets).toBe(1)
  })
})
