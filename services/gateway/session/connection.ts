import type { ClientFrame, ConversationId } from '@verbatim/protocol'
import type { Claims } from '@verbatim/services/identity'
import type { Audience } from '../live/audiences.ts'
import type { Socket } from '../sockets/port.ts'
import { type Act, type Happening, next, opened, type SessionState } from './session.ts'

/** Bytes in the buffer of a socket. */
export const HIGH_WATER = 256 * 1024

/** One socket and where it is in its life. A class of few fields, since there are as many as everybody. */
export class Connection {
  socket: Socket<Connection> | undefined
  private state: SessionState
  /** Frames that came while signing in. */
  held: ClientFrame[] | undefined
  /** What was said to it in this turn, to leave together: see outbox.ts. */
  outgoing: string[] | undefined
  /** Commands without an answer yet. */
  inFlight = 0
  /** Conversations whose backlog is not sent yet, each with the last revision that the client has. */
  resuming: Map<ConversationId, number> | undefined
  /** The conversations that it listens to. */
  audiences: Audience[] = []
  /** Wakes whoever waits for the buffer to empty. */
  wake: (() => void) | undefined

  constructor(at: number) {
    this.state = opened(at)
  }
  happen(happening: Happening): Act {
    const [state, act] = next(this.state, happening)
    this.state = state
    return act
  }
  /** Who it is, once it is live. */
  get claims(): Claims | undefined {
    return this.state.kind === 'live' ? this.state.claims : undefined
  }
  /** This side has ended it, or knows that the other has. */
  get isClosed(): boolean {
    return this.state.kind === 'closed'
  }
  get open(): boolean {
    return !this.isClosed && this.socket?.open === true
  }
  /** So much is waiting for the other side that what is not live should wait too. */
  get isLagging(): boolean {
    return (this.socket?.buffered() ?? 0) > HIGH_WATER
  }
  /** At once, unless something that was said before still waits. */
  send(text: string): void {
    if (this.outgoing) this.outgoing.push(text)
    else this.socket?.send(text)
  }
  /** What was said in this turn leaves, in one write. */
  flush(): void {
    const { socket, outgoing } = this
    this.outgoing = undefined
    if (!socket || !outgoing) return
    socket.cork(() => {
      for (const text of outgoing) socket.send(text)
    })
  }
  close(code: number, reason: string): void {
    this.flush()
    this.socket?.close(code, reason)
  }
}
