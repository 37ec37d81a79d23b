import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import type { Provider } from './port.ts'

/** For tests: a provider on loopback that keeps the rules, except where a test tells it not to. */
export type Lies = {
  /** Claims of the ID token; `undefined` leaves one out. */
  readonly claims?: Record<string, unknown>
  /** Instead of the ID token. */
  readonly idToken?: string
  readonly signedBy?: 'another key'
  readonly metadata?: Record<string, unknown>
  /** Instead of the answer of a path: a status, or silence. */
  readonly answers?: Readonly<Record<string, number | 'silence' | { status: number; json: unknown }>>
  readonly userinfo?: Record<string, unknown>
}
export type FakeProvider = Awaited<ReturnType<typeof fakeProvider>>

export const secret = 's3cret of the client'

export const fakeProvider = async () => {
  const [keys, others] = await Promise.all([generateKeyPair('ES256'), generateKeyPair('ES256')])
  let kid = 'key-1'
  let lies: Lies = {}
  const asked: string[] = []
  const codes = new Map<string, { challenge: string; nonce: string; redirectUri: string }>()
  let subject = 'ada-1'

  const idToken = (nonce: string): Promise<string> => {
    const at = Math.floor(Date.now() / 1_000)
    const claims = { iss: issuer, aud: 'verbatim', sub: subject, nonce, iat: at, exp: at + 3_600, ...lies.claims }
    const kept = Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined))
    return new SignJWT(kept as JWTPayload)
      .setProtectedHeader({ alg: 'ES256', kid })
      .sign(lies.signedBy ? others.privateKey : keys.privateKey)
  }

  const redeem = async (request: IncomingMessage): Promise<Answer> => {
    const form = new URLSearchParams(await textOf(request))
    const given = codes.get(form.get('code') ?? '')
    const wanted = `Basic ${Buffer.from(`verbatim:${encodeURIComponent(secret).replaceAll('%20', '+')}`).toString('base64')}`
    if (request.headers.authorization !== wanted) return [401, { error: 'invalid_client' }]
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    if (!given || given.challenge !== challenge || given.redirectUri !== form.get('redirect_uri'))
      return [400, { error: 'invalid_grant' }]
    codes.delete(form.get('code') ?? '')
    const token = lies.idToken ?? (await idToken(given.nonce))
    return [200, { access_token: 'access-1', token_type: 'Bearer', ...(token !== '' && { id_token: token }) }]
  }

  const answer = async (request: IncomingMessage, path: string): Promise<Answer> => {
    switch (path) {
      case '/.well-known/openid-configuration':
        return [200, { ...metadata(), ...lies.metadata }]
      case '/jwks':
        return [200, { keys: [{ ...(await exportJWK(keys.publicKey)), kid, alg: 'ES256', use: 'sig' }] }]
      case '/token':
        return redeem(request)
      case '/userinfo':
        return [200, { sub: subject, preferred_username: 'ada', name: 'Ada Okafor', ...lies.userinfo }]
      default:
        return [404, {}]
    }
  }
  const metadata = () => ({
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    userinfo_endpoint: `${issuer}/userinfo`,
    id_token_signing_alg_values_supported: ['ES256'],
    authorization_response_iss_parameter_supported: true,
  })

  const server = createServer((request, response) => {
    const path = request.url ?? ''
    asked.push(path)
    const lie = lies.answers?.[path]
    if (lie === 'silence') return
    if (typeof lie === 'number') return send(response, [lie, {}])
    if (lie) return send(response, [lie.status, lie.json])
    void answer(request, path).then((told) => send(response, told))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  return {
    provider: { id: 'corp', label: 'Corp', issuer, clientId: 'verbatim', clientSecret: secret } satisfies Provider,
    /** Paths in the order of asking. */
    asked,
    lie: (next: Lies): void => {
      lies = next
    },
    rotateKey: (): void => {
      kid = 'key-2'
    },
    signsInAs: (next: string): void => {
      subject = next
    },
    /** What a browser does there: signs in, says yes, and is sent back with this. */
    visit: (url: string): URLSearchParams => {
      const asks = new URL(url).searchParams
      const code = `code-${codes.size}-${Math.random()}`
      codes.set(code, {
        challenge: asks.get('code_challenge') ?? '',
        nonce: asks.get('nonce') ?? '',
        redirectUri: asks.get('redirect_uri') ?? '',
      })
      return new URLSearchParams({ code, state: asks.get('state') ?? '', iss: issuer })
    },
    close: (): void => {
      server.closeAllConnections()
      server.close()
    },
  }
}

type Answer = readonly [status: number, json: unknown]

const send = (response: ServerResponse, [status, json]: Answer): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json))
}

const textOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}
