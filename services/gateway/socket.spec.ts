import { directConversation, limits, type Order } from '@verbatim/protocol'
import { createTheme, idAt, sendMessage } from '@verbatim/protocol/examples'
import { describe, expect, it } from 'vitest'
import { accepted, cast, sessionOf, startGateway, tokenOf } from './rig/rig.ts'
import { eventually, openSocket, pause, signedInSocket } from './rig/talking.ts'

const { ada, bob, cleo } = cast
const tea = directConversation(ada.id, bob.id)
const send = (n: number) => sendMessage({ id: idAt(1_000 + n), conversation: tea })

describe('hello', () => {
  it('GW1 is ready after hello, and says who one is and where the conversations stand.', async () => {
    const rig = await startGateway()
    rig.world.commit(
      { conversation: tea, type: 'MemberAdded', user: ada.id },
      { conversation: tea, type: 'MessageSent', user: ada.id },
    )
    const talk = await signedInSocket(rig.port, ada.id)
    expect(talk.seen).toEqual([
      {
        type: 'ready',
        user: ada,
        session: sessionOf(ada.id),
        log: 'log-1',
        time: new Date(rig.clock.time).toISOString(),
        position: `${rig.world.head()}`,
        conversations: [{ id: tea, revision: 1 }],
      },
    ])
  })

  it('GW1 refuses a token that is none with a word and 4401.', async () => {
    const rig = await startGateway()
    const talk = await openSocket(rig.port)
    talk.frame({ type: 'hello', token: 'forged' })
    expect(await talk.closed()).toEqual({ code: 4401, reason: 'not-signed-in' })
    expect(talk.seen).toEqual([{ type: 'bye', reason: 'not-signed-in' }])
  })

  it('GW3 closes who says nothing with 4408.', async () => {
    const rig = await startGateway()
    const talk = await openSocket(rig.port)
    rig.clock.time += limits.helloWithin
    expect(await talk.closed()).toMatchObject({ code: 4408 })
  })

  it('GW3 looks often enough to close within a twentieth of the five seconds.', async () => {
    const looks: { each: number; run: () => void }[] = []
    const rig = await startGateway({
      timers: {
        pause: (milliseconds) => pause(milliseconds),
        every(each, run) {
          looks.push({ each, run })
          return () => undefined
        },
      },
    })
    const talk = await openSocket(rig.port)
    rig.clock.time += limits.helloWithin
    for (const { run } of looks.filter(({ each }) => each <= limits.helloWithin / 20)) run()
    expect(await talk.closed()).toMatchObject({ code: 4408 })
  })

  it('GW4 takes commands that came ahead of ready, in their order, and not without end.', async () => {
    const rig = await startGateway()
    const talk = await openSocket(rig.port)
    talk.frame({ type: 'hello', token: tokenOf(ada.id) })
    for (let n = 0; n < 10; n++) talk.frame({ type: 'command', command: send(n) })
    await talk.until(() => talk.seen.filter(({ type }) => type === 'ack').length === 10 || undefined)
    expect(talk.seen[0]).toMatchObject({ type: 'ready' })
    expect(rig.orders.map(({ command }) => command.id)).toEqual(Array.from({ length: 10 }, (_, n) => send(n).id))

    const stuck = await startGateway({ identity: { verify: () => new Promise(() => undefined) } })
    const flood = await openSocket(stuck.port)
    flood.frame({ type: 'hello', token: tokenOf(ada.id) })
    for (let n = 0; n < 70; n++) flood.frame({ type: 'command', command: send(n) })
    expect(await flood.closed()).toMatchObject({ code: 4429 })
    expect(stuck.orders).toEqual([])
  })

  it('GW1 waits for an account that was opened a moment ago, and sends who has none to try again.', async () => {
    let asked = 0
    const rig = await startGateway({
      socialGraph: { person: async () => ({ position: 0, value: ++asked < 3 ? undefined : ada }) },
    })
    await signedInSocket(rig.port, ada.id)
    expect(asked).toBe(3)

    const never = await startGateway({ socialGraph: { person: async () => ({ position: 0, value: undefined }) } })
    const talk = await openSocket(never.port)
    talk.frame({ type: 'hello', token: tokenOf(ada.id) })
    await pause(30)
    never.clock.time += limits.readWait
    expect(await talk.closed()).toEqual({ code: 1012, reason: 'try-again' })
  })

  it('GW1 sends who finds a broken model to try again, and logs it.', async () => {
    const rig = await startGateway({ timelines: { memberships: () => Promise.reject(new Error('broken')) } })
    const talk = await openSocket(rig.port)
    talk.frame({ type: 'hello', token: tokenOf(ada.id) })
    expect(await talk.closed()).toMatchObject({ code: 1012 })
    expect(rig.logged).toMatchObject([{ level: 'error' }])
  })
})

describe('frames', () => {
  it.each([
    ['no JSON', '{'],
    ['null', 'null'],
    ['a list', '[]'],
    ['a string', '"x"'],
    ['an unknown type', '{"type":"hop"}'],
    ['no type', '{}'],
    ['an unknown field', '{"type":"ping","x":1}'],
    ['a poisoned key', '{"type":"signal","call":"x","to":"y","data":{"__proto__":{}}}'],
    ['too deep', '['.repeat(5_000)],
    ['a command without an id', '{"type":"command","command":{"type":"SendMessage"}}'],
    ['a command that is none', '{"type":"command","command":7}'],
    ['a second hello', `{"type":"hello","token":"x"}`],
    ['an operator as token', '{"type":"hello","token":{"$ne":null}}'],
  ])('GW6 closes on %s with 4400.', async (_, text) => {
    const rig = await startGateway()
    const talk = await signedInSocket(rig.port, ada.id)
    talk.frame(text)
    expect(await talk.closed()).toMatchObject({ code: 4400 })
    expect(rig.orders).toEqual([])
    await signedInSocket(rig.port, ada.id)
  })

  it('GW6 closes on a binary frame with 4400, and on one that is too large with 1009.', async () => {
    const rig = await startGateway()
    const binary = await signedInSocket(rig.port, ada.id)
    binary.socket.send(Buffer.from('{"type":"ping"}'))
    expect(await binary.closed()).toMatchObject({ code: 4400 })
    const large = await openSocket(rig.port)
    large.socket.send(`{"type":"ping"}${' '.repeat(limits.frameBytes)}`)
    expect(await large.closed()).toMatchObject({ code: 1009 })
    const fits = await openSocket(rig.port)
    fits.socket.send('{"type":"ping"}'.padEnd(limits.frameBytes))
    await fits.get('pong')
  })

  it('GW8 counts what a later version does, and stays.', async () => {
    const rig = await startGateway()
    const talk = await signedInSocket(rig.port, ada.id)
    talk.frame({ type: 'typing', conversation: tea })
    talk.frame({ type: 'follow', users: [bob.id] })
    talk.frame({ type: 'call', call: idAt(1), action: 'join' })
    talk.frame({ type: 'signal', call: idAt(1), to: bob.id, data: {} })
    talk.frame({ type: 'ping' })
    await talk.get('pong')
    expect(rig.gateway.stats).toMatchObject({ passedOver: 4, sockets: 1, signedIn: 1 })
  })
})

describe('commands', () => {
  it('GW10 carries a command with who sent it over which session, and brings its answer.', async () => {
    const answer = { kind: 'accepted', id: send(1).id, revision: 7, position: '42', conversation: tea } as const
    const rig = await startGateway({ bus: async () => answer })
    const talk = await signedInSocket(rig.port, ada.id)
    talk.frame({ type: 'command', command: send(1) })
    expect(await talk.get('ack')).toEqual({
      type: 'ack',
      id: answer.id,
      revision: 7,
      position: '42',
      conversation: tea,
    })
    expect(rig.orders).toEqual([{ command: send(1), by: ada.id, session: sessionOf(ada.id) }])
  })

  it('GW10 brings a refusal with its reason, and when to try again.', async () => {
    const rig = await startGateway({
      bus: async ({ command }) => ({ kind: 'refused', id: command.id, reason: 'unavailable', detail: 'a "quote"' }),
    })
    const talk = await signedInSocket(rig.port, ada.id)
    talk.frame({ type: 'command', command: send(1) })
    expect(await talk.get('refused')).toEqual({
      type: 'refused',
      id: send(1).id,
      reason: 'unavailable',
      detail: 'a "quote"',
      retryAfter: 1,
    })
  })

  it('GW10 answers for a handler that fails: send it again.', async () => {
    const rig = await startGateway({ bus: () => Promise.reject(new Error('gone')) })
    const talk = await signedInSocket(rig.port, ada.id)
    talk.frame({ type: 'command', command: send(1) })
    expect(await talk.get('refused')).toMatchObject({ reason: 'unavailable', retryAfter: 1 })
    expect(JSON.stringify(talk.seen)).not.toContain('gone')
  })

  it('GW11 refuses a malformed command by its id, and one of a later version before anything is looked at.', async () => {
    const rig = await startGateway()
    const talk = await signedInSocket(rig.port, ada.id)
    talk.frame({ type: 'command', command: { ...send(1), body: { text: { $gt: '' } } } })
    expect(await talk.get('refused')).toMatchObject({ id: send(1).id, reason: 'malformed' })
    talk.frame({ type: 'command', command: { id: createTheme().id, type: 'CreateTheme' } })
    const later = () => talk.seen.find(({ id }) => id === createTheme().id)
    expect(await talk.until(later)).toMatchObject({ type: 'refused', reason: 'not-yet' })
    expect(rig.orders).toEqual([])
  })

  it('GW12 sends the answers of one turn in their order, and answers nobody who has gone.', async () => {
    const waiting: { order: Order; answer: () => void }[] = []
    const rig = await startGateway({
      bus: (order) =>
        new Promise((resolve) => waiting.push({ order, answer: () => resolve(accepted(order.command.id)) })),
    })
    const talk = await signedInSocket(rig.port, ada.id)
    const gone = await signedInSocket(rig.port, bob.id)
    gone.frame({ type: 'command', command: send(99) })
    for (let n = 0; n < 5; n++) talk.frame({ type: 'command', command: send(n) })
    await eventually(() => waiting.length === 6)
    gone.socket.terminate()
    await pause(50)
    for (const { answer } of waiting) answer()
    await talk.until(() => talk.seen.filter(({ type }) => type === 'ack').length === 5 || undefined)
    expect(talk.seen.slice(1).map(({ id }) => id)).toEqual([0, 1, 2, 3, 4].map((n) => send(n).id))
    expect(rig.gateway.stats.openCommands).toBe(0)
  })

  it('GW13 lets one socket wait for 1,024 answers, and refuses one more for now.', async () => {
    let answer = (): void => undefined
    const answers = new Promise<void>((resolve) => {
      answer = resolve
    })
    const rig = await startGateway({ bus: ({ command }) => answers.then(() => accepted(command.id)) })
    const talk = await signedInSocket(rig.port, ada.id)
    for (let n = 0; n <= 1_024; n++) talk.frame({ type: 'command', command: send(n) })
    expect(await talk.get('refused')).toMatchObject({ id: send(1_024).id, reason: 'too-fast', retryAfter: 1 })
    expect(rig.orders).toHaveLength(1_024)
    answer()
  })
})

describe('sessions', () => {
  it('GW14 closes the sockets of a session that ends with 4401, and no others.', async () => {
    const rig = await startGateway()
    const [one, two, other] = await Promise.all([
      signedInSocket(rig.port, ada.id),
      signedInSocket(rig.port, ada.id),
      signedInSocket(rig.port, bob.id),
    ])
    rig.end(ada.id)
    for (const talk of [one, two]) expect(await talk.closed()).toEqual({ code: 4401, reason: 'not-signed-in' })
    other.frame({ type: 'ping' })
    await other.get('pong')
    expect(rig.gateway.stats.signedIn).toBe(1)
  })

  it('GW14 closes them also when another process tells of it.', async () => {
    const rig = await startGateway()
    const talk = await signedInSocket(rig.port, cleo.id)
    rig.world.live.publish({ kind: 'ended', session: sessionOf(cleo.id) })
    expect(await talk.closed()).toMatchObject({ code: 4401 })
  })

  it('GW14 lets nobody in whose session ended while he was being signed in.', async () => {
    const rig = await startGateway({
      timelines: {
        memberships: async () => {
          rig.endSilently(ada.id)
          return { position: 0, value: [] }
        },
      },
    })
    const talk = await openSocket(rig.port)
    talk.frame({ type: 'hello', token: tokenOf(ada.id) })
    expect(await talk.closed()).toMatchObject({ code: 4401 })
    expect(talk.seen.map(({ type }) => type)).toEqual(['bye'])
  })

  it('GW15 takes ten sockets of one person and not one more, unless the limits are off.', async () => {
    const strict = await startGateway({ settings: { allowedOrigins: [], limits: true, trustProxy: false } })
    for (let n = 0; n < limits.socketsPerUser; n++) await signedInSocket(strict.port, ada.id)
    const talk = await openSocket(strict.port)
    talk.frame({ type: 'hello', token: tokenOf(ada.id) })
    expect(await talk.closed()).toEqual({ code: 4429, reason: 'too-many-sockets' })
    await signedInSocket(strict.port, bob.id)

    const open = await startGateway()
    for (let n = 0; n <= limits.socketsPerUser; n++) await signedInSocket(open.port, ada.id)
  })

  it('GW16 closes who sends too many frames with 4429.', async () => {
    const rig = await startGateway({ settings: { allowedOrigins: [], limits: true, trustProxy: false } })
    const talk = await signedInSocket(rig.port, ada.id)
    for (let n = 0; n < 199; n++) talk.frame({ type: 'ping' })
    await talk.until(() => talk.seen.filter(({ type }) => type === 'pong').length === 199 || undefined)
    talk.frame({ type: 'ping' })
    expect(await talk.closed()).toMatchObject({ code: 4429 })
  })
})

describe('stopping', () => {
  it('GW17 answers what is under way, then tells everybody 1012, and takes nobody new.', async () => {
    let answer: () => void = () => {}
    const rig = await startGateway({
      bus: ({ command }) =>
        new Promise((resolve) => {
          answer = () => resolve(accepted(command.id))
        }),
    })
    const talk = await signedInSocket(rig.port, ada.id)
    const silent = await openSocket(rig.port)
    talk.frame({ type: 'command', command: send(1) })
    await eventually(() => rig.orders.length === 1)
    const stopped = rig.stop()
    await pause(30)
    talk.frame({ type: 'command', command: send(2) })
    expect(await talk.get('refused')).toMatchObject({ id: send(2).id, reason: 'unavailable' })
    await expect(openSocket(rig.port)).rejects.toThrow()
    answer()
    expect(await talk.get('ack')).toMatchObject({ id: send(1).id })
    for (const each of [talk, silent]) expect(await each.closed()).toEqual({ code: 1012, reason: 'restarting' })
    await stopped
    expect(rig.gateway.stats).toMatchObject({ sockets: 0, openCommands: 0 })
  })
})
