import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { isUlid, limits } from '@verbatim/protocol'
import { calculateJwkThumbprint, decodeProtectedHeader, exportJWK, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import type { StoredKey } from './identity-store.ts'
import type { Claims } from './port.ts'

export interface AccessTokens {
  sign(claims: Claims): Promise<string>
  /** `undefined` for whatever this server did not sign for now. Whether the session has ended is not asked here. */
  verify(token: string): Promise<Claims | undefined>
  /** Signs with this key from now on. */
  changeKey(key: StoredKey): Promise<void>
}

/** Milliseconds for which a key still verifies once there is a newer one: as long as the last token that it signed. */
export const keyOutlives = (limits.accessTokenSeconds + 5) * 1_000

/**
 * EdDSA over Ed25519 as RFC 9068 shapes it, for ten minutes.
 * @param stored seeds of Ed25519, oldest first: the last one signs; the ones before it verify what they signed
 * @param now milliseconds since the epoch
 */
export const accessTokens = async (
  stored: readonly StoredKey[],
  { issuer, audience, now }: { issuer: string; audience: string; now: () => number },
): Promise<AccessTokens> => {
  const keys = await Promise.all(stored.map(keyOf))
  if (keys.length === 0) throw new Error('there is no key to sign access tokens with')
  /** A key that leaked and was changed must not verify for ever what somebody else makes with it. */
  const publicKeyOf = (id: string): KeyObject | undefined => {
    const at = keys.findIndex((key) => key.id === id)
    const newer = keys[at + 1]
    return newer && now() > newer.since + keyOutlives ? undefined : keys[at]?.publicKey
  }

  return {
    changeKey: async (key) => void keys.push(await keyOf(key)),
    sign: async ({ user, session }) => {
      const signing = keys.at(-1) as Key
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
        const key = ourKey(token, publicKeyOf)
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
const ourKey = (token: string, publicKeyOf: (id: string) => KeyObject | undefined): KeyObject | undefined => {
  const header = decodeProtectedHeader(token)
  const plain = Object.keys(header).every((name) => name === 'alg' || name === 'typ' || name === 'kid')
  return plain && header.typ === TYPE && typeof header.kid === 'string' ? publicKeyOf(header.kid) : undefined
}

/** A token from the future is one of a clock that was wrong; it must not live until that future has passed. */
const claimsOf = ({ sub, sid, aud, iat, exp }: JWTPayload, audience: string, at: number): Claims | undefined => {
  if (!isUlid(sub) || !isUlid(sid) || aud !== audience || iat === undefined || exp === undefined) return undefined
  if (iat > at + TOLERANCE || exp - iat > limits.accessTokenSeconds) return undefined
  return { user: sub, session: sid }
}

/** PKCS #8 around a bare seed (RFC 8410, section 7). */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')
type Key = Awaited<ReturnType<typeof keyOf>>
const keyOf = async ({ key, since }: StoredKey) => {
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8, key]), format: 'der', type: 'pkcs8' })
  const publicKey = createPublicKey(privateKey)
  return { id: await calculateJwkThumbprint(await exportJWK(publicKey)), privateKey, publicKey, since }
}
