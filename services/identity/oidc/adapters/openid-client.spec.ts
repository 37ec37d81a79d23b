import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { clockAt } from '../../identity.rig.ts'
import { type FakeProvider, fakeProvider, type Lies, secret } from '../fake-provider.rig.ts'
import type { Attempt, Provider } from '../port.ts'
import { openIdClient } from './openid-client.ts'

const attempt: Attempt = {
  state: 'state-of-this-attempt',
  nonce: 'nonce-of-this-attempt',
  verifier: 'verifier-of-this-attempt-which-is-long-enough',
  redirectUri: 'https://chat.example/api/auth/oidc/corp/callback',
}

describe('OpenId on openid-client', () => {
  let fake: FakeProvider
  let openId = openIdClient({ now: Date.now })
  beforeEach(async () => {
    fake = await fakeProvider()
    openId = openIdClient({ now: Date.now, timeoutSeconds: 0.3 })
  })
  afterEach(() => fake.close())

  const go = async (provider: Provider = fake.provider): Promise<string> => {
    const going = await openId.authorize(provider, attempt)
    if (going.kind === 'fault') throw new Error(`${going.fault}: ${going.detail}`)
    return going.url
  }
  const come = async (change: Partial<Attempt> = {}, answer?: (given: URLSearchParams) => URLSearchParams) => {
    const given = fake.visit(await go())
    return openId.redeem(fake.provider, { ...attempt, ...change }, answer?.(given) ?? given)
  }
  const faultOf = async (outcome: ReturnType<typeof come>): Promise<string> => {
    const told = await outcome
    return told.kind === 'fault' ? told.fault : told.kind
  }

  it('ID30 takes the person there with S256, state and nonce, and knows him by issuer and subject', async () => {
    const url = new URL(await go())
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: 'verbatim',
      redirect_uri: attempt.redirectUri,
      response_type: 'code',
      scope: 'openid profile',
      state: attempt.state,
      nonce: attempt.nonce,
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    })
    const outcome = await openId.redeem(fake.provider, attempt, fake.visit(url.href))
    expect(outcome).toMatchObject({ kind: 'vouched', link: { issuer: fake.provider.issuer, subject: 'ada-1' } })
    expect(outcome.kind === 'vouched' && (await outcome.profile())).toEqual({ username: 'ada', name: 'Ada Okafor' })
  })
  it('ID32 asks for names only when the token does not tell them', async () => {
    fake.lie({ claims: { preferred_username: 'ada', name: 'Ada' } })
    const outcome = await come()
    expect(outcome.kind === 'vouched' && (await outcome.profile())).toEqual({ username: 'ada', name: 'Ada' })
    expect(fake.asked).not.toContain('/userinfo')
  })
  it('ID34 names of another subject than the one that signed in are not taken', async () => {
    fake.lie({ userinfo: { sub: 'eve-1' } })
    const outcome = await come()
    expect(outcome.kind === 'vouched' && (await outcome.profile())).toMatchObject({ kind: 'fault' })
  })

  const wrongTokens: Record<string, Lies> = {
    'another nonce': { claims: { nonce: 'nonce-of-another' } },
    'no nonce': { claims: { nonce: undefined } },
    'another issuer': { claims: { iss: 'https://evil.example' } },
    'no issuer': { claims: { iss: undefined } },
    'another audience': { claims: { aud: 'another' } },
    'several audiences, meant for another': { claims: { aud: ['verbatim', 'another'], azp: 'another' } },
    'no subject': { claims: { sub: undefined } },
    'an empty subject': { claims: { sub: '' } },
    'a subject that bloats': { claims: { sub: 'x'.repeat(1_025) } },
    'no expiry': { claims: { exp: undefined } },
    'the signature of another key': { signedBy: 'another key' },
    'no signature': { idToken: `${encoded({ alg: 'none' })}.${encoded({ sub: 'ada-1' })}.` },
    'no token': { idToken: '' },
    'a word for a token': { idToken: 'token' },
  }
  it.each(Object.entries(wrongTokens))('ID34 refuses an ID token with %s', async (_, lies) => {
    fake.lie(lies)
    expect(await faultOf(come())).toBe('answer-mismatch')
  })
  it('ID34 refuses a signature made with the client’s secret', async () => {
    const { SignJWT } = await import('jose')
    const at = Math.floor(Date.now() / 1_000)
    const claims = {
      iss: fake.provider.issuer,
      aud: 'verbatim',
      sub: 'ada-1',
      nonce: attempt.nonce,
      iat: at,
      exp: at + 60,
    }
    const token = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(secret))
    for (const metadata of [{}, { id_token_signing_alg_values_supported: ['HS256', 'ES256'] }]) {
      openId = openIdClient({ now: Date.now })
      fake.lie({ idToken: token, metadata })
      expect((await come()).kind).toBe('fault')
    }
  })
  it('ID34 refuses another verifier, another way back, and a code a second time', async () => {
    expect(await faultOf(come({ verifier: 'verifier-of-somebody-else-which-is-long-enough' }))).toBe('answer-mismatch')
    expect(await faultOf(come({ redirectUri: 'https://chat.example/elsewhere' }))).toBe('answer-mismatch')
    let answer = new URLSearchParams()
    const keep = (given: URLSearchParams) => {
      answer = given
      return given
    }
    expect(await faultOf(come({}, keep))).toBe('vouched')
    expect(await faultOf(come({}, () => answer))).toBe('answer-mismatch')
  })
  const changed = (change: Record<string, string | undefined>) => (given: URLSearchParams) => {
    const next = new URLSearchParams(given)
    for (const [name, value] of Object.entries(change)) value === undefined ? next.delete(name) : next.set(name, value)
    return next
  }
  it.each([
    ['another state', { state: 'state-of-another' }],
    ['no state', { state: undefined }],
    ['another provider as its issuer', { iss: 'https://other.example' }],
    ['no issuer, where the provider names itself', { iss: undefined }],
    ['a code that was made up', { code: 'made-up' }],
    ['no code', { code: undefined }],
    ['a token in the address', { id_token: 'x.y.z' }],
  ])('ID34 refuses an answer with %s', async (_, change) => {
    const outcome = await come({}, changed(change))
    expect(outcome.kind).toBe('fault')
  })

  it.each([
    ['access_denied', 'access-denied'],
    ['server_error', 'provider-unreachable'],
    ['temporarily_unavailable', 'provider-unreachable'],
    ['invalid_scope', 'provider-misconfigured'],
    ['unauthorized_client', 'provider-misconfigured'],
    ['consent_required', 'provider-refused'],
    ['__proto__', 'provider-refused'],
  ])('ID35 the provider’s %s is told as %s', async (error, fault) => {
    expect(await faultOf(come({}, changed({ code: undefined, error })))).toBe(fault)
  })
  it('ID35 a denial counts only for the attempt that it belongs to', async () => {
    const denial = changed({ code: undefined, error: 'access_denied', state: 'state-of-another' })
    expect(await faultOf(come({}, denial))).toBe('answer-mismatch')
  })
  const hour = 3_600
  const at = () => Math.floor(Date.now() / 1_000)
  it.each([
    ['behind', () => ({ iat: at() - 2 * hour, exp: at() - hour })],
    ['ahead', () => ({ iat: at() + 120, exp: at() + hour })],
    ['far ahead', () => ({ iat: at() + hour, nbf: at() + hour, exp: at() + 2 * hour })],
  ])('ID35 a provider whose clock is %s is told as clock-skew', async (_, claims) => {
    fake.lie({ claims: claims() })
    expect(await faultOf(come())).toBe('clock-skew')
  })
  it('ID35 half a minute between the clocks is nothing', async () => {
    fake.lie({ claims: { iat: at() + 25, nbf: at() + 25 } })
    expect(await faultOf(come())).toBe('vouched')
  })
  const discovery = '/.well-known/openid-configuration'
  it.each<[string, Lies, string]>([
    ['is no provider', { answers: { [discovery]: 404 } }, 'provider-misconfigured'],
    ['is a page', { answers: { [discovery]: { status: 200, json: 'hello' } } }, 'provider-misconfigured'],
    ['calls itself otherwise', { metadata: { issuer: 'https://other.example' } }, 'provider-misconfigured'],
    [
      'sends people to a script',
      { metadata: { authorization_endpoint: 'javascript:alert(1)' } },
      'provider-misconfigured',
    ],
    ['has no place to go to', { metadata: { authorization_endpoint: undefined } }, 'provider-misconfigured'],
    ['has a fault', { answers: { [discovery]: 503 } }, 'provider-unreachable'],
    ['is silent', { answers: { [discovery]: 'silence' } }, 'provider-unreachable'],
  ])('ID35 an issuer that %s is told before anybody leaves', async (_, lies, fault) => {
    fake.lie(lies)
    expect(await openId.authorize(fake.provider, attempt)).toMatchObject({ kind: 'fault', fault })
  })
  it.each<[string, Lies, string]>([
    ['does not answer', { answers: { '/token': 'silence' } }, 'provider-unreachable'],
    ['has a fault', { answers: { '/token': 502 } }, 'provider-unreachable'],
    ['is not there', { answers: { '/token': 404 } }, 'provider-misconfigured'],
    ['has no keys', { answers: { '/jwks': 500 } }, 'provider-unreachable'],
  ])('ID35 a provider that %s when the code is redeemed is told so', async (_, lies, fault) => {
    const answer = fake.visit(await go())
    fake.lie(lies)
    expect(await openId.redeem(fake.provider, attempt, answer)).toMatchObject({ kind: 'fault', fault })
  })
  it('ID35 a wrong secret is a wrong setting, and is told without the secret', async () => {
    const provider = { ...fake.provider, clientSecret: 'canary of a wrong secret' }
    const outcome = await openId.redeem(provider, attempt, fake.visit(await go(provider)))
    expect(outcome).toMatchObject({ kind: 'fault', fault: 'provider-misconfigured' })
    expect(JSON.stringify(outcome)).not.toMatch(/canary|verifier-of|code-\d/)
  })
  it('ID35 a provider that is not there at all is told with the reason', async () => {
    fake.close()
    const outcome = await openId.authorize(fake.provider, attempt)
    expect(outcome).toEqual({ kind: 'fault', fault: 'provider-unreachable', detail: 'no connection: ECONNREFUSED' })
  })

  it('ID36 asks nobody before it is wanted, and once for many who come together', async () => {
    expect(fake.asked).toEqual([])
    await Promise.all([go(), go(), go()])
    await go()
    expect(fake.asked).toEqual([discovery])
  })
  it('ID36 asks again after a failure', async () => {
    fake.lie({ answers: { [discovery]: 503 } })
    expect(await openId.authorize(fake.provider, attempt)).toMatchObject({ fault: 'provider-unreachable' })
    fake.lie({})
    expect(await faultOf(come())).toBe('vouched')
  })
  it('ID36 takes a changed key at the next attempt', async () => {
    expect(await faultOf(come())).toBe('vouched')
    fake.rotateKey()
    expect(await faultOf(come())).toBe('answer-mismatch')
    expect(await faultOf(come())).toBe('vouched')
  })
  it('ID36 asks again after an hour, and goes on with what it knows while the provider is down', async () => {
    const clock = clockAt(Date.now())
    openId = openIdClient({ now: clock.now, timeoutSeconds: 0.3 })
    await go()
    clock.pass(61 * 60_000)
    fake.lie({ answers: { [discovery]: 503 } })
    expect(await Promise.all([go(), go()])).toHaveLength(2)
    expect(fake.asked).toEqual([discovery, discovery])
  })
})

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
