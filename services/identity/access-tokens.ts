import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { isUlid, limits } from '@verbatim/protocol'
import { calculateJwkThumbprint, decodeProtectedHeader, exportJWK, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import type { Claims } from './port.ts'

export interface AccessTokens {
  sign(claims: Claims): Promise<string>
  /** `undefined` for whatever this server did not sign for now. Whether the session has ended is not asked here. */
  verify(token: string): Promise<Claims | undefined>
}

/**
 * EdDSA over Ed25519 as RFC 9068 shapes it, for ten minutes.
 * @param seeds of Ed25519, oldest first: the last one signs, all verify, so that a key can be changed under way
 * @param now milliseconds since the epoch
 */
export const accessTokens = async (
  seeds: readonly Uint8Array[],
  { issuer, audience, now }: { issuer: string; audience: string; now: () => number },
): Promise<AccessTokens> => {
  const keys = await Promise.all(seeds.map(keyOf))
  const byId = new Map(keys.map((key) => [key.id, key.publicKey]))
  const signing = keys.at(-1)
  if (!signing) throw new Error('there is no key to sign access tokens with')

  return {
    sign: ({ user, session }) => {
      const at = Math.floor(now() / 1_000)
      return new SignJWT({ sid: session })
        .setProtectedHeader({ alg: 'EdDSA', typ: TYPE, kid: signing.id })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(user)
        .setIssuedAt(at)
        .setExpirationTime(at + limits.accessTokenSeconds)
        .sign(signing.privateKey)
    },
    verify: async (token) => {
      if (typeof token !== 'string' || token.length > MOST_CHARACTERS || !SHAPE.test(token)) return undefined
      try {
        const key = ourKey(token, byId)
        if (!key) return undefined
        const { payload } = await jwtVerify(token, key, {
          algorithms: ['EdDSA'],
          issuer,
          audience,
          typ: TYPE,
          clockTolerance: TOLERANCE,
          currentDate: new Date(now()),
          requiredClaims: ['sub', 'sid', 'iat', 'exp'],
        })
        return claimsOf(payload, audience, now() / 1_000)
      } catch {
        // Whatever went wrong with a token, it is no reason to let somebody in.
        return undefined
      }
    },
  }
}

const TYPE = 'at+jwt'
/** Seconds. */
const TOLERANCE = 5
const MOST_CHARACTERS = 8_192
/** A signature of Ed25519 is 64 bytes: 86 characters, of which the last carries two bits. */
const SHAPE = /^[\w-]+\.[\w-]+\.[\w-]{85}[AQgw]$/

/** The header may say exactly what ours says: a key or the address of one in it is an attack. */
const ourKey = (token: string, byId: ReadonlyMap<string, KeyObject>): KeyObject | undefined => {
  const header = decodeProtectedHeader(token)
  const plain = Object.keys(header).every((name) => name === 'alg' || name === 'typ' || name === 'kid')
  return plain && header.typ === TYPE && typeof header.kid === 'string' ? byId.get(header.kid) : undefined
}

/** A token from the future is one of a clock that was wrong; it must not live until that future has passed. */
const claimsOf = ({ sub, sid, aud, iat, exp }: JWTPayload, audience: string, at: number): Claims | undefined => {
  if (!isUlid(sub) || !isUlid(sid) || aud !== audience || iat === undefined || exp === undefined) return undefined
  if (iat > at + TOLERANCE || exp - iat > limits.accessTokenSeconds) return undefined
  return { user: sub, session: sid }
}

/** PKCS #8 around a bare seed (RFC 8410, section 7). */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')
const keyOf = async (seed: Uint8Array) => {
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' })
  const publicKey = createPublicKey(privateKey)
  return { id: await calculateJwkThumbprint(await exportJWK(publicKey)), privateKey, publicKey }
}
