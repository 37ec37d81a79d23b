import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { isUlid, type SessionId } from '@verbatim/protocol'
import type { TokenHash } from './identity-store.ts'

/** `session.secret.seal`: 256 bits of chance, and 128 bits by which a token of ours is known without a look-up. */
const SHAPE = /^([0-9A-Z]{26})\.([\w-]{43})\.([\w-]{22})$/

/**
 * Opaque to clients. The seal names the session of a token however old, so that reuse is seen for ever without a row
 * for every token there was; nobody can make one up to end another's session. The successor is a function of the token
 * and a key of the server: two tabs get the same one, and nothing that would help a thief of the database is stored.
 */
export const refreshTokens = (key: Uint8Array, random: (into: Uint8Array) => void) => {
  const mac = (purpose: string, text: string): Buffer =>
    createHmac('sha256', key).update(`${purpose}\0${text}`).digest()
  const sealed = (session: SessionId, secret: string): string => {
    const seal = mac('seal', `${session}.${secret}`).subarray(0, 16).toString('base64url')
    return `${session}.${secret}.${seal}`
  }

  return {
    first: (session: SessionId): string => {
      const secret = Buffer.alloc(32)
      random(secret)
      return sealed(session, secret.toString('base64url'))
    },
    /** The session of a token that this server gave out once; whether it is still good the store knows. */
    sessionOf: (token: string): SessionId | undefined => {
      const [, session, secret] = SHAPE.exec(token) ?? []
      if (!isUlid(session) || secret === undefined) return undefined
      return same(sealed(session, secret), token) ? session : undefined
    },
    successorOf: (session: SessionId, token: string): string =>
      sealed(session, mac('successor', token).toString('base64url')),
    hashOf: (token: string): TokenHash => createHash('sha256').update(token).digest('base64url'),
  }
}

const same = (one: string, other: string): boolean => {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
