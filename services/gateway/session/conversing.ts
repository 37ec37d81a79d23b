import type { Answer, ClientFrame, SessionId, Ulid, UserId } from '@verbatim/protocol'
import { parseJson } from '@verbatim/protocol/json'
import { parseCommand, parseFrame } from '@verbatim/protocol/validators'
import type { GatewayLimits } from '../limits/gateway-limits.ts'
import type { Audiences } from '../live/audiences.ts'
import { byeFrame, pongFrame } from '../live/frames.ts'
import type { EdgeHandlers } from '../sockets/port.ts'
import type { Counters } from '../stats.ts'
import type { Tallies } from '../tallies.ts'
import { answerFrame } from './answers.ts'
import type { Connection } from './connection.ts'
import type { Connections } from './connections.ts'
import type { Orders } from './orders.ts'
import type { Outbox } from './outbox.ts'
import type { Act, Happening } from './session.ts'

export type ConversingParts = {
  readonly everybody: Connections
  readonly audiences: Audiences
  readonly outbox: Outbox
  readonly orders: Orders
  readonly limiter: GatewayLimits
  readonly counters: Counters
  readonly tallies: Tallies
  now(): number
  /** Verifies the token and makes the connection live, or ends it. */
  signIn(connection: Connection, hello: { token: string; resume: Readonly<Record<string, number>> }): void
}

/** What a socket says and what is done about it. Decided in session.ts, done here. */
export interface Conversing extends Omit<EdgeHandlers<Connection>, 'request' | 'upgrade'> {
  happen(connection: Connection, happening: Happening): void
  /** What was held while signing in. */
  release(connection: Connection): void
  /** Without its user, everybody is looked at. */
  endSession(session: SessionId, user?: UserId): void
}

/** Frames that a client may send ahead of its `ready`. */
const HELD_AT_MOST = 64
/** Commands of one socket without an answer; the bus must not become anybody's buffer. */
const IN_FLIGHT_AT_MOST = 1_024

export const conversing = (parts: ConversingParts): Conversing => {
  const { everybody, limiter, counters, tallies, now } = parts

  const happen = (connection: Connection, happening: Happening): void => {
    const user = connection.claims?.user
    act(connection, connection.happen(happening), user)
  }
  const act = (connection: Connection, todo: Act, user: UserId | undefined) => {
    switch (todo.kind) {
      case 'nothing':
        return
      case 'sign-in':
        return parts.signIn(connection, todo)
      case 'hold':
        return hold(connection, todo.frame)
      case 'command':
        return command(connection, todo.command)
      case 'pong':
        return connection.send(pongFrame)
      case 'pass-over':
        counters.passedOver++
        return
      case 'close':
        tallies.closed(todo.reason)
        everybody.left(connection, user)
        parts.audiences.gone(connection)
        connection.send(byeFrame(todo.reason))
        connection.close(todo.code, todo.reason)
        connection.wake?.()
    }
  }
  const hold = (connection: Connection, frame: ClientFrame): void => {
    connection.held ??= []
    if (connection.held.length >= HELD_AT_MOST) happen(connection, { kind: 'unfit', why: 'too-fast' })
    else connection.held.push(frame)
  }
  const give = (connection: Connection, answer: Answer): void => {
    if (answer.kind === 'refused') tallies.refused(answer.reason)
    parts.outbox.say(connection, answerFrame(answer))
  }
  const command = (connection: Connection, asked: { readonly id: Ulid }) => {
    const { id } = asked
    const parsed = parseCommand(asked)
    const { claims } = connection
    if (!parsed.ok) {
      if (parsed.reason === 'malformed') counters.malformed++
      return give(connection, { kind: 'refused', id, reason: parsed.reason, detail: parsed.detail })
    }
    if (!claims) return
    if (connection.inFlight >= IN_FLIGHT_AT_MOST)
      return give(connection, { kind: 'refused', id, reason: 'too-fast', retryAfter: 1 })
    counters.commands++
    connection.inFlight++
    void parts.orders.send(parsed.command, claims).then((answer) => {
      connection.inFlight--
      give(connection, answer)
    })
  }

  return {
    happen,
    open(socket) {
      socket.data.socket = socket
      everybody.opened(socket.data)
    },
    text({ data: connection }, text) {
      if (limiter.frame(connection) > 0) {
        counters.tooFast++
        return happen(connection, { kind: 'unfit', why: 'too-fast' })
      }
      const json = parseJson(text)
      const parsed = json.ok ? parseFrame(json.value) : json
      if (parsed.ok) return happen(connection, { kind: 'frame', frame: parsed.frame, at: now() })
      counters.malformed++
      happen(connection, { kind: 'unfit', why: 'malformed' })
    },
    unfit({ data: connection }, why) {
      counters.malformed++
      happen(connection, { kind: 'unfit', why })
    },
    drain: ({ data }) => data.wake?.(),
    close({ data: connection }) {
      const user = connection.claims?.user
      if (!connection.isClosed) tallies.closed('gone')
      connection.happen({ kind: 'gone' })
      everybody.left(connection, user)
      parts.audiences.gone(connection)
      everybody.closed()
      connection.wake?.()
    },
    release(connection) {
      const frames = connection.held
      connection.held = undefined
      for (const frame of frames ?? []) happen(connection, { kind: 'frame', frame, at: now() })
    },
    endSession(session, user) {
      for (const connection of [...(user === undefined ? everybody.live() : everybody.of(user))])
        if (connection.claims?.session === session) happen(connection, { kind: 'left', why: 'not-signed-in' })
    },
  }
}
