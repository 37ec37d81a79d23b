/** The life of the socket, as a pure step: what is, and what happened, give what is next. */
export type ConnectionState =
  /** The browser says that there is no network. */
  | { readonly kind: 'offline'; readonly attempt: number }
  | { readonly kind: 'waiting'; readonly attempt: number /** Milliseconds. */; readonly delay: number }
  | { readonly kind: 'opening'; readonly attempt: number }
  /** Open, `hello` sent, no `ready` yet. */
  | { readonly kind: 'greeting'; readonly attempt: number }
  | { readonly kind: 'ready'; readonly attempt: number }
  /** The server did not take the token: a new one is asked for before the next attempt. */
  | { readonly kind: 'renewing'; readonly attempt: number }
  | { readonly kind: 'ended' }

export type Happening =
  | { readonly type: 'waited' }
  | { readonly type: 'opened' }
  | { readonly type: 'greeted' }
  /** `ready` for long enough that the next failure is a new one. */
  | { readonly type: 'steady' }
  /** `chance` in [0, 1) spreads the clients of a server that restarts. */
  | { readonly type: 'closed'; readonly code: number; readonly chance: number }
  | { readonly type: 'renewed' }
  | { readonly type: 'session-over' }
  | { readonly type: 'network-lost' }
  /** Network is back, or the window came to the front: no reason to wait on. */
  | { readonly type: 'hurried' }

export const firstConnection: ConnectionState = { kind: 'opening', attempt: 0 }

const SHORTEST = 500
const LONGEST = 30_000
/** After "too fast" even the first attempt waits. */
const PENALTY = 5_000
const NOT_SIGNED_IN = 4401
const TOO_FAST = 4429

export const nextConnection = (state: ConnectionState, happening: Happening): ConnectionState => {
  if (state.kind === 'ended') return state
  const { attempt } = state
  switch (happening.type) {
    case 'waited':
      return state.kind === 'waiting' ? { kind: 'opening', attempt } : state
    case 'opened':
      return state.kind === 'opening' ? { kind: 'greeting', attempt } : state
    case 'greeted':
      return state.kind === 'greeting' ? { kind: 'ready', attempt } : state
    case 'steady':
      return state.kind === 'ready' ? { kind: 'ready', attempt: 0 } : state
    case 'closed':
      return closed(state, happening)
    case 'renewed':
      // A token that is new and still refused must not be asked for in a circle without a pause.
      return state.kind === 'renewing' ? { kind: 'opening', attempt: attempt + 1 } : state
    case 'session-over':
      return { kind: 'ended' }
    case 'network-lost':
      return { kind: 'offline', attempt: 0 }
    case 'hurried':
      return state.kind === 'offline' || state.kind === 'waiting' ? { kind: 'opening', attempt } : state
  }
}

const closed = (
  state: Exclude<ConnectionState, { kind: 'ended' }>,
  { code, chance }: { code: number; chance: number },
): ConnectionState => {
  if (state.kind === 'offline' || state.kind === 'waiting' || state.kind === 'renewing') return state
  const attempt = state.attempt + 1
  if (code === NOT_SIGNED_IN && state.attempt < 2) return { kind: 'renewing', attempt: state.attempt }
  return { kind: 'waiting', attempt, delay: delayOf(attempt, chance) + (code === TOO_FAST ? PENALTY : 0) }
}

/** Doubles from half a second to half a minute; half of it is left to chance. */
const delayOf = (attempt: number, chance: number): number => {
  const full = Math.min(LONGEST, SHORTEST * 2 ** (attempt - 1))
  return Math.round(full / 2 + (full / 2) * chance)
}
