import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import type { SessionId, UserId } from '@verbatim/protocol'
import { CompactEncrypt, calculateJwkThumbprint, exportJWK, type JWTPayload, SignJWT } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { type AccessTokens, accessTokens } from './access-tokens.ts'
import { clockAt, days, minutes, noon } from './identity.rig.ts'

const claims = { user: '01JADA00000000000000000000' as UserId, session: '01JSESS0000000000000000001' as SessionId }
const realm = { issuer: 'https://chat.example', audience: 'verbatim' }
const seed = new Uint8Array(32).fill(7)
const first = { key: seed, since: noon - 10 * minutes }
const second = { key: new Uint8Array(32).fill(9), since: noon }
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')
const keyOf = (from: Uint8Array) =>
  createPrivateKey({ key: Buffer.concat([PKCS8, from]), format: 'der', type: 'pkcs8' })
const ours = keyOf(seed)
const theirs = keyOf(new Uint8Array(32).fill(8))
const json = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const at = noon / 1_000
const payload = {
  iss: realm.issuer,
  aud: realm.audience,
  sub: claims.user,
  sid: claims.session,
  iat: at,
  exp: at + 600,
}

describe('access tokens', () => {
  let tokens: AccessTokens
  let good = ''
  let kid = ''
  const clock = clockAt(noon)
  beforeAll(async () => {
    tokens = await accessTokens([first], { ...realm, now: clock.now })
    good = await tokens.sign(claims)
    kid = await calculateJwkThumbprint(await exportJWK(createPublicKey(ours)))
  })

  /** Signed with the real key, but otherwise as told. `undefined` leaves a claim or a header out. */
  const forged = (change: Record<string, unknown> = {}, header: Record<string, unknown> = {}, key = ours) => {
    const kept = Object.fromEntries(
      Object.entries({ ...payload, ...change }).filter(([, value]) => value !== undefined),
    )
    return new SignJWT(kept as JWTPayload)
      .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid, ...header })
      .sign(key, header.crit ? { crit: { b64: true, magic: true } } : {})
  }
  const part = (n: number): string => good.split('.')[n] ?? ''
  const withHeader = (header: unknown): string => `${json(header)}.${part(1)}.${part(2)}`
  const hmac = (key: string | Buffer) =>
    new SignJWT(payload)
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid })
      .sign(typeof key === 'string' ? new TextEncoder().encode(key) : key)

  it('ID10 a token names its person and session', async () => {
    expect(await tokens.verify(good)).toEqual(claims)
    expect(JSON.parse(Buffer.from(part(0), 'base64url').toString())).toEqual({ alg: 'EdDSA', typ: 'at+jwt', kid })
    expect(JSON.parse(Buffer.from(part(1), 'base64url').toString())).toEqual(payload)
  })
  it('ID10 a token made by hand in our form is ours, so that the hostile ones fail for what is changed in them', async () => {
    expect(await tokens.verify(await forged())).toEqual(claims)
  })
  it('ID10 a token lives for ten minutes and five seconds of tolerance', async () => {
    const moving = clockAt(noon)
    const timed = await accessTokens([first], { ...realm, now: moving.now })
    moving.pass(10 * minutes + 4_000)
    expect(await timed.verify(good)).toEqual(claims)
    moving.pass(1_000)
    expect(await timed.verify(good)).toBeUndefined()
  })

  const otherCurve = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const publicPem = createPublicKey(ours).export({ type: 'spki', format: 'pem' })
  const publicRaw = createPublicKey(ours).export({ type: 'spki', format: 'der' }).subarray(-32)
  const hostile: Record<string, () => string | Promise<string>> = {
    nothing: () => '',
    'a word': () => 'token',
    'only dots': () => '..',
    'alg none': () => `${json({ alg: 'none', typ: 'at+jwt', kid })}.${part(1)}.`,
    'alg None': () => `${json({ alg: 'None', typ: 'at+jwt', kid })}.${part(1)}.`,
    'alg NONE with a signature': () => withHeader({ alg: 'NONE', typ: 'at+jwt', kid }),
    'alg nOnE with a signature': () => withHeader({ alg: 'nOnE', typ: 'at+jwt', kid }),
    'no alg': () => withHeader({ typ: 'at+jwt', kid }),
    'alg as a number': () => withHeader({ alg: 1, typ: 'at+jwt', kid }),
    'alg as a list': () => withHeader({ alg: ['EdDSA'], typ: 'at+jwt', kid }),
    'alg Ed25519 with our signature': () => withHeader({ alg: 'Ed25519', typ: 'at+jwt', kid }),
    'HS256 with the public key as PEM': () => hmac(`${publicPem}`),
    'HS256 with the raw public key': () => hmac(publicRaw),
    'HS256 with an empty key': () => `${json({ alg: 'HS256', typ: 'at+jwt', kid })}.${part(1)}.${'A'.repeat(86)}`,
    'ES256 with a key of theirs': () => forged({}, { alg: 'ES256' }, otherCurve.privateKey),
    'RS256 with a key of theirs': () => forged({}, { alg: 'RS256' }, rsa.privateKey),
    'another key under our kid': () => forged({}, {}, theirs),
    'another key under its own kid': () => forged({}, { kid: 'theirs' }, theirs),
    'no kid': () => forged({}, { kid: undefined }),
    'an unknown kid': () => forged({}, { kid: 'unknown' }),
    'a kid that is a path': () => forged({}, { kid: '../../../../dev/null' }),
    'a kid that is SQL': () => forged({}, { kid: "' UNION SELECT 'key' --" }),
    'a kid of the prototype': () => forged({}, { kid: '__proto__' }),
    'a kid that is an object': () => withHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: { $ne: null } }),
    'a jwk in the header': async () => forged({}, { jwk: await exportJWK(createPublicKey(theirs)) }, theirs),
    'a jwk in the header, signed by us': async () => forged({}, { jwk: await exportJWK(createPublicKey(ours)) }),
    'a jku in the header': () => forged({}, { jku: 'https://evil.example/keys' }),
    'an x5u in the header': () => forged({}, { x5u: 'https://evil.example/cert' }),
    'an x5c in the header': () => forged({}, { x5c: ['MIIB'] }),
    'a critical extension': () => forged({}, { crit: ['magic'], magic: true }),
    'an unencoded payload': () => withHeader({ alg: 'EdDSA', typ: 'at+jwt', kid, crit: ['b64'], b64: false }),
    'typ JWT': () => forged({}, { typ: 'JWT' }),
    'no typ': () => forged({}, { typ: undefined }),
    'typ of another use': () => forged({}, { typ: 'logout+jwt' }),
    'typ in other letters': () => forged({}, { typ: 'AT+JWT' }),
    'typ with its long name': () => forged({}, { typ: 'application/at+jwt' }),
    'another audience': () => forged({ aud: 'another' }),
    'several audiences, ours among them': () => forged({ aud: ['another', realm.audience] }),
    'no audience': () => forged({ aud: undefined }),
    'another issuer': () => forged({ iss: 'https://evil.example' }),
    'our issuer and more': () => forged({ iss: `${realm.issuer}.evil.example` }),
    'no issuer': () => forged({ iss: undefined }),
    expired: () => forged({ iat: at - 700, exp: at - 100 }),
    'no expiry': () => forged({ exp: undefined }),
    'an expiry that is text': () => forged({ exp: '9999999999' }),
    'an expiry beyond ten minutes': () => forged({ exp: at + 601 }),
    'an expiry without end': () => forged({ exp: Number.MAX_SAFE_INTEGER }),
    'not valid yet': () => forged({ nbf: at + 60 }),
    'issued in the future': () => forged({ iat: at + 10, exp: at + 610 }),
    'no time of issue': () => forged({ iat: undefined }),
    'no session': () => forged({ sid: undefined }),
    'a session that is an object': () => forged({ sid: { $gt: '' } }),
    'a session in lower case': () => forged({ sid: claims.session.toLowerCase() }),
    'no person': () => forged({ sub: undefined }),
    'a person that is no id': () => forged({ sub: 'ada' }),
    'a person of the prototype': () => forged({ sub: '__proto__' }),
    truncated: () => good.slice(0, -10),
    'truncated by a character': () => good.slice(0, -1),
    'without a signature': () => `${part(0)}.${part(1)}.`,
    'two parts': () => `${part(0)}.${part(1)}`,
    'a dot too many': () => `${good}.`,
    'a leading dot': () => `.${good}`,
    doubled: () => `${good}.${good}`,
    'doubled with a comma': () => `${good},${good}`,
    'with a space': () => `${good} `,
    'with a line break': () => `${good}\n`,
    'with padding': () => `${good}==`,
    'a changed payload': () => `${part(0)}.${json({ ...payload, sub: claims.session })}.${part(2)}`,
    'a signature of zeros': () => `${part(0)}.${part(1)}.${'A'.repeat(86)}`,
    'the signature written otherwise': () => `${good.slice(0, -1)}${good.endsWith('A') ? 'B' : 'x'}`,
    'a payload that is no JSON': () => `${part(0)}.${Buffer.from('{').toString('base64url')}.${part(2)}`,
    'a header that is no JSON': () => `${Buffer.from('{').toString('base64url')}.${part(1)}.${part(2)}`,
    'a header that is null': () => withHeader(null),
    'a header that is a list': () => withHeader(['EdDSA']),
    'a payload that is a list': () => `${part(0)}.${json([payload])}.${part(2)}`,
    'invalid UTF-8': () => `${part(0)}.${Buffer.from([0xff, 0xfe]).toString('base64url')}.${part(2)}`,
    'a NUL': () => `${good.slice(0, 20)}\0${good.slice(20)}`,
    'JSON serialization': () => JSON.stringify({ payload: part(1), protected: part(0), signature: part(2) }),
    'an encrypted token': () =>
      new CompactEncrypt(new TextEncoder().encode(JSON.stringify(payload)))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', typ: 'at+jwt', kid })
        .encrypt(seed),
    '100 KB of letters': () => 'A'.repeat(100_000),
    '100 KB signed by us': () => forged({ padding: 'x'.repeat(100_000) }),
    'one character past 8 KiB': () => `${'A'.repeat(8_193 - good.length)}${good}`,
  }

  it('ID11 has forty hostile tokens and more to try', () => {
    expect(Object.keys(hostile).length).toBeGreaterThanOrEqual(40)
  })
  it.each(Object.entries(hostile))('ID11 refuses %s', async (_, make) => {
    expect(await tokens.verify(await make())).toBeUndefined()
  })
  it('ID11 refuses what is no text at all', async () => {
    for (const value of [null, undefined, 1, {}, [good], { toString: () => good }])
      expect(await Reflect.apply(tokens.verify, undefined, [value])).toBeUndefined()
  })
  it('ID25 refuses a hostile token without an error that could carry it', async () => {
    for (const make of Object.values(hostile)) await expect(tokens.verify(await make())).resolves.toBeUndefined()
  })

  it('ID12 signs with the newest key and still knows the older one', async () => {
    const changed = await accessTokens([first, second], { ...realm, now: clock.now })
    const newer = await changed.sign(claims)
    expect(await changed.verify(good)).toEqual(claims)
    expect(await changed.verify(newer)).toEqual(claims)
    expect(await tokens.verify(newer)).toBeUndefined()
  })
  it('ID38 changes the key under way: what was signed before lives on, and then the old key is worth nothing', async () => {
    const moving = clockAt(noon)
    const timed = await accessTokens([first], { ...realm, now: moving.now })
    await timed.changeKey({ key: second.key, since: noon })
    expect((await timed.sign(claims)).split('.')[0]).not.toBe(part(0))
    moving.pass(10 * minutes + 4_000)
    expect(await timed.verify(good)).toEqual(claims)
    moving.pass(2_000)
    const later = moving.time / 1_000
    const forgedLater = await forged({ iat: later, exp: later + 600 })
    expect(await timed.verify(forgedLater)).toBeUndefined()
    const untouched = await accessTokens([first], { ...realm, now: moving.now })
    expect(await untouched.verify(forgedLater)).toEqual(claims)
  })
  it('ID12 does not know a key any more that was retired', async () => {
    const changed = await accessTokens([second], { ...realm, now: clock.now })
    expect(await changed.verify(good)).toBeUndefined()
  })

  it.each([
    ['an hour', 60 * minutes],
    ['ten years', 3_650 * days],
  ])('ID23 no token outlives a clock that was ahead by %s', async (_, jump) => {
    const jumping = clockAt(noon + jump)
    const timed = await accessTokens([first], { ...realm, now: jumping.now })
    const early = await timed.sign(claims)
    expect(await timed.verify(early)).toEqual(claims)
    jumping.pass(-jump)
    expect(await timed.verify(early)).toBeUndefined()
    jumping.pass(10 * minutes + 5_000)
    expect(await timed.verify(early)).toBeUndefined()
  })
  it.each([
    ['an hour', 60 * minutes],
    ['ten years', 3_650 * days],
  ])('ID23 a token does not work while the clock is behind by %s', async (_, jump) => {
    const jumping = clockAt(noon)
    const timed = await accessTokens([first], { ...realm, now: jumping.now })
    jumping.pass(-jump)
    expect(await timed.verify(good)).toBeUndefined()
    jumping.pass(2 * jump)
    expect(await timed.verify(good)).toBeUndefined()
  })
})
