import { type ClientFrame, closeCodes, limits, type Ulid } from '@verbatim/protocol'
import type { Claims } from '@verbatim/services/identity'

/** The life of a socket: it opens, says hello, is signed in, is live, and closes. */
export type SessionState =
  /** No hello yet; `until` in milliseconds since the epoch. */
  | { readonly kind: 'waiting'; readonly until: number }
  /** The token is being verified and the conversations are being read. What comes meanwhile is held. */
  | { readonly kind: 'signing-in'; readonly until: number }
  | { readonly kind: 'live'; readonly claims: Claims }
  | { readonly kind: 'closed' }

export type Happening =
  | { readonly kind: 'frame'; readonly frame: ClientFrame; readonly at: number }
  | { readonly kind: 'unfit'; readonly why: 'binary' | 'malformed' | 'too-large' | 'too-fast' }
  | { readonly kind: 'time'; readonly at: number }
  | { readonly kind: 'joined'; readonly claims: Claims }
  | { readonly kind: 'left'; readonly why: 'not-signed-in' | 'too-many-sockets' | 'try-again' | 'restarting' }
  /** The other side closed it, or the network did. */
  | { readonly kind: 'gone' }

export type Act =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'sign-in'; readonly token: string; readonly resume: Readonly<Record<string, number>> }
  | { readonly kind: 'hold'; readonly frame: ClientFrame }
  | { readonly kind: 'command'; readonly command: { readonly id: Ulid } }
  | { readonly kind: 'pong' }
  /** Known, allowed, and of a later version. */
  | { readonly kind: 'pass-over' }
  | { readonly kind: 'close'; readonly code: number; readonly reason: string }

/** Signing in takes milliseconds; who waits longer than this may try again. */
const SIGN_IN_WITHIN = 15_000

export const opened = (at: number): SessionState => ({ kind: 'waiting', until: at + limits.helloWithin })

export const next = (state: SessionState, happening: Happening): readonly [SessionState, Act] => {
  if (state.kind === 'closed') return [state, nothing]
  switch (happening.kind) {
    case 'frame':
      return take(state, happening)
    case 'unfit':
      return [closed, unfit[happening.why]]
    case 'time':
      return overdue(state, happening.at)
    case 'joined':
      return state.kind === 'signing-in' ? [{ kind: 'live', claims: happening.claims }, nothing] : [state, nothing]
    case 'left':
      return [closed, left[happening.why]]
    case 'gone':
      return [closed, nothing]
  }
}

const take = (state: Exclude<SessionState, { kind: 'closed' }>, { frame, at }: { frame: ClientFrame; at: number }) => {
  if (frame.type === 'ping') return [state, pong] as const
  if (state.kind === 'waiting') {
    if (frame.type !== 'hello') return [closed, unfit.malformed] as const
    // The clock is looked at a few times a second: who comes in between is late all the same.
    if (at >= state.until) return [closed, tooLate] as const
    const { token, resume = {} } = frame
    return [
      { kind: 'signing-in', until: at + SIGN_IN_WITHIN },
      { kind: 'sign-in', token, resume },
    ] as const
  }
  if (frame.type === 'hello') return [closed, unfit.malformed] as const
  if (state.kind === 'signing-in') return [state, { kind: 'hold', frame }] as const
  return [state, frame.type === 'command' ? ({ kind: 'command', command: frame.command } as const) : passOver] as const
}

const overdue = (state: SessionState, at: number): readonly [SessionState, Act] => {
  if (state.kind === 'waiting' && at >= state.until) return [closed, tooLate]
  if (state.kind === 'signing-in' && at >= state.until) return [closed, left['try-again']]
  return [state, nothing]
}

const close = (code: number, reason: string): Act => ({ kind: 'close', code, reason })
const closed: SessionState = { kind: 'closed' }
const nothing: Act = { kind: 'nothing' }
const tooLate: Act = close(closeCodes.noHello, 'no-hello')
const pong: Act = { kind: 'pong' }
const passOver: Act = { kind: 'pass-over' }
const unfit = {
  binary: close(closeCodes.malformed, 'malformed'),
  malformed: close(closeCodes.malformed, 'malformed'),
  'too-large': close(closeCodes.tooLarge, 'too-large'),
  'too-fast': close(closeCodes.tooFast, 'too-fast'),
} as const
const left = {
  'not-signed-in': close(closeCodes.notSignedIn, 'not-signed-in'),
  'too-many-sockets': close(closeCodes.tooFast, 'too-many-sockets'),
  'try-again': close(closeCodes.restarting, 'try-again'),
  restarting: close(closeCodes.restarting, 'restarting'),
} as const
