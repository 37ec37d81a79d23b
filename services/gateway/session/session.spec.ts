import type { ClientFrame } from '@verbatim/protocol'
import { ada, adasSession, noon, sendMessage } from '@verbatim/protocol/examples'
import { describe, expect, it } from 'vitest'
import { type Act, type Happening, next, opened, type SessionState } from './session.ts'

const claims = { user: ada, session: adasSession }
const frame = (what: ClientFrame, at = noon): Happening => ({ kind: 'frame', frame: what, at })
const hello = frame({ type: 'hello', token: 't', resume: { a: 1 } })
const command = frame({ type: 'command', command: sendMessage() })
const ping = frame({ type: 'ping' })
const waiting = opened(noon)
const signingIn = next(waiting, hello)[0]
const live = next(signingIn, { kind: 'joined', claims })[0]

/** What becomes of a socket to which all of these happen, and everything that was to be done. */
const after = (state: SessionState, ...happenings: Happening[]) =>
  happenings.reduce<{ state: SessionState; acts: Act[] }>(
    (so, happening) => {
      const [state, act] = next(so.state, happening)
      return { state, acts: [...so.acts, act] }
    },
    { state, acts: [] },
  )
const closes = (code: number, reason: string) => ({ kind: 'close', code, reason })

describe('session', () => {
  it('GW2 asks to sign in with the token and what was seen, once.', () => {
    expect(next(waiting, hello)).toMatchObject([
      { kind: 'signing-in' },
      { kind: 'sign-in', token: 't', resume: { a: 1 } },
    ])
    expect(next(waiting, frame({ type: 'hello', token: 't' }))[1]).toMatchObject({ resume: {} })
  })

  it.each([signingIn, live])('GW2 closes on a second hello ($kind).', (state) => {
    expect(next(state, hello)).toEqual([{ kind: 'closed' }, closes(4400, 'malformed')])
  })

  it.each([command, frame({ type: 'follow', users: [] })])('GW2 closes on anything else before hello.', (first) => {
    expect(next(waiting, first)).toEqual([{ kind: 'closed' }, closes(4400, 'malformed')])
  })

  it('GW3 waits five seconds for hello, and not one millisecond longer.', () => {
    expect(next(waiting, { kind: 'time', at: noon + 4_999 })).toEqual([waiting, { kind: 'nothing' }])
    expect(next(waiting, { kind: 'time', at: noon + 5_000 })[1]).toEqual(closes(4408, 'no-hello'))
  })

  it('GW3 takes no hello that comes later, though nobody has looked at the clock since.', () => {
    const helloAt = (at: number) => next(waiting, frame({ type: 'hello', token: 't' }, at))[1]
    expect(helloAt(noon + 4_999)).toMatchObject({ kind: 'sign-in' })
    expect(helloAt(noon + 5_000)).toEqual(closes(4408, 'no-hello'))
  })

  it('GW3 sends who could not be signed in within 15 seconds to try again, and leaves the live alone.', () => {
    expect(next(signingIn, { kind: 'time', at: noon + 15_000 })[1]).toEqual(closes(1012, 'try-again'))
    expect(next(live, { kind: 'time', at: noon + 1e9 })).toEqual([live, { kind: 'nothing' }])
  })

  it('GW4 holds what comes while signing in, and takes it when live.', () => {
    expect(next(signingIn, command)).toMatchObject([signingIn, { kind: 'hold' }])
    expect(next(live, command)).toEqual([live, { kind: 'command', command: sendMessage() }])
  })

  it.each([waiting, signingIn, live])('GW5 answers a ping at any time ($kind).', (state) => {
    expect(next(state, ping)).toEqual([state, { kind: 'pong' }])
  })

  it.each([
    ['binary', 4400, 'malformed'],
    ['malformed', 4400, 'malformed'],
    ['too-large', 1009, 'too-large'],
    ['too-fast', 4429, 'too-fast'],
  ] as const)('GW6 closes on what is %s.', (why, code, reason) => {
    for (const state of [waiting, signingIn, live])
      expect(next(state, { kind: 'unfit', why })).toEqual([{ kind: 'closed' }, closes(code, reason)])
  })

  it.each([
    ['not-signed-in', 4401],
    ['too-many-sockets', 4429],
    ['try-again', 1012],
    ['restarting', 1012],
  ] as const)('GW7 closes with %s.', (why, code) => {
    expect(next(live, { kind: 'left', why })).toEqual([{ kind: 'closed' }, closes(code, why)])
  })

  it.each<ClientFrame>([
    { type: 'typing', conversation: sendMessage().conversation },
    { type: 'follow', users: [ada] },
    { type: 'call', call: ada, action: 'join' },
    { type: 'signal', call: ada, to: ada, data: {} },
  ])('GW8 passes over what a later version does ($type).', (later) => {
    expect(next(live, frame(later))).toEqual([live, { kind: 'pass-over' }])
  })

  it('GW9 does nothing more once it is closed, whatever happens.', () => {
    const { acts } = after(
      live,
      { kind: 'gone' },
      hello,
      command,
      ping,
      { kind: 'joined', claims },
      { kind: 'left', why: 'restarting' },
      { kind: 'unfit', why: 'binary' },
      { kind: 'time', at: noon + 1e9 },
    )
    expect(acts).toEqual(acts.map(() => ({ kind: 'nothing' })))
  })

  it('GW9 is not made live by a sign-in that comes too late or twice.', () => {
    expect(next(waiting, { kind: 'joined', claims })[0]).toEqual(waiting)
    expect(next(live, { kind: 'joined', claims: { ...claims, user: sendMessage().id } })[0]).toEqual(live)
  })
})
