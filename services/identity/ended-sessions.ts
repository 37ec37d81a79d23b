import { limits, type SessionId, type UserId } from '@verbatim/protocol'
import { type EndedSession, identitySizes } from './identity-store.ts'

/**
 * The sessions that have ended, as far back as an access token of theirs could live. Answered from memory: every
 * request asks. They are forgotten for space, never for time alone, since a clock that steps back would make a
 * forgotten session's token good again.
 */
export const endedSessions = (known: readonly EndedSession[], now: () => number) => {
  const ended = new Map<SessionId, number>(known.map(({ session }) => [session, now()]))
  const listeners: ((session: SessionId, user: UserId) => void)[] = []
  const forget = (): void => {
    for (const [session, at] of ended) {
      if (ended.size <= identitySizes.ended || Math.abs(now() - at) <= TOKEN_LIFE) return
      ended.delete(session)
    }
  }
  return {
    has: (session: SessionId): boolean => ended.has(session),
    add: ({ session, user }: EndedSession): void => {
      if (ended.has(session)) return
      ended.set(session, now())
      forget()
      for (const listener of listeners) listener(session, user)
    },
    onEnded: (listener: (session: SessionId, user: UserId) => void): void => void listeners.push(listener),
  }
}

/** Milliseconds, with the tolerance of the clock and a little more. */
const TOKEN_LIFE = (limits.accessTokenSeconds + 60) * 1_000
