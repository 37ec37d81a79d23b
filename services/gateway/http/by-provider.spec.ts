import type { ProviderSignIn, SignIn } from '@verbatim/services/identity'
import { describe, expect, it } from 'vitest'
import { ask } from '../rig/asking.ts'
import { cast, sessionOf, startGateway, tokenOf } from '../rig/rig.ts'

const { ada } = cast
const token = tokenOf(ada.id)
const signedIn: SignIn = {
  kind: 'signed-in',
  user: ada,
  session: sessionOf(ada.id),
  accessToken: token,
  expiresIn: 600,
  refreshToken: 'refresh-1',
}

const start = async (change: Partial<ProviderSignIn> = {}, more: Parameters<typeof startGateway>[0] = {}) => {
  const heard: unknown[] = []
  const byProvider: ProviderSignIn = {
    providers: [{ id: 'corp', name: 'Corp' }],
    begin: async (id, input) => {
      heard.push({ id, ...input })
      return id === 'corp' ? { kind: 'begun', url: 'https://id.example/?state=x', attempt: 'sealed-1' } : undefined
    },
    finish: async (id, { answer, ...input }, from) => {
      heard.push({ id, ...input, answer: `${answer}`, from })
      return id === 'corp' ? signedIn : undefined
    },
    linkedTo: async () => [{ id: 'corp', name: 'Corp', linked: true }],
    unlink: async (id, of) => {
      heard.push({ id, unlinked: of })
      return id === 'corp' ? 'unlinked' : undefined
    },
    ...change,
  }
  return { heard, ...(await startGateway({ ...more, identity: { byProvider } })) }
}
const settings = { allowedOrigins: [], limits: false, trustProxy: false }
const cookies = (headers: { 'set-cookie'?: string[] | undefined }): string[] => headers['set-cookie'] ?? []

describe('signing in by a provider', () => {
  it('GW58 goes to the provider with the attempt in a cookie that comes back from there and nowhere else.', async () => {
    const rig = await start()
    expect(await ask(rig.port, 'GET /api/auth/providers')).toMatchObject({
      json: { local: true, providers: [{ id: 'corp', name: 'Corp' }] },
    })
    const { status, headers, text } = await ask(rig.port, 'GET /api/auth/oidc/corp/start')
    expect([status, headers.location, text]).toEqual([302, 'https://id.example/?state=x', ''])
    expect(headers['cache-control']).toBe('no-store')
    expect(cookies(headers)).toEqual([
      'verbatim_attempt=sealed-1; Max-Age=600; Path=/api/auth/oidc; HttpOnly; SameSite=Lax',
    ])
    expect(rig.heard).toEqual([{ id: 'corp', publicUrl: `http://localhost:${rig.port}` }])
  })

  it('GW58 comes back with that cookie and the answer, and is signed in as by a password.', async () => {
    const rig = await start({}, { settings: { ...settings, publicUrl: 'https://chat.example' } })
    const { status, headers } = await ask(rig.port, 'GET /api/auth/oidc/corp/callback?code=c&state=x', {
      headers: { cookie: 'a=b; verbatim_attempt=sealed-1', 'user-agent': 'curl/8', 'sec-fetch-site': 'cross-site' },
    })
    expect([status, headers.location]).toEqual([302, '/'])
    expect(cookies(headers)).toEqual([
      `verbatim_refresh=refresh-1; Max-Age=${60 * 86_400}; Path=/api/auth; HttpOnly; SameSite=Strict; Secure`,
      'verbatim_attempt=; Max-Age=0; Path=/api/auth/oidc; HttpOnly; SameSite=Lax; Secure',
    ])
    expect(rig.heard).toEqual([
      {
        id: 'corp',
        publicUrl: 'https://chat.example',
        attempt: 'sealed-1',
        answer: 'code=c&state=x',
        from: { device: 'curl/8', address: '127.0.0.1' },
      },
    ])
  })

  it('GW58 takes a cookie that is missing or there twice for none.', async () => {
    const rig = await start()
    for (const cookie of ['a=b', 'verbatim_attempt=sealed-1; verbatim_attempt=planted'])
      await ask(rig.port, 'GET /api/auth/oidc/corp/callback', { headers: { cookie } })
    expect(rig.heard).toMatchObject([{ attempt: '' }, { attempt: '' }])
  })

  it('GW58 says on the page why it came to nothing, and sets no cookie.', async () => {
    const failing = async () => ({ kind: 'fault', fault: 'answer-mismatch', detail: 'canary' }) as const
    const rig = await start({ begin: failing, finish: failing })
    for (const path of ['start', 'callback?error=access_denied']) {
      const heard = await ask(rig.port, `GET /api/auth/oidc/corp/${path}`, {
        headers: { cookie: 'verbatim_attempt=x' },
      })
      expect([heard.status, heard.headers.location]).toEqual([302, '/?error=answer-mismatch'])
      expect(cookies(heard.headers)).toEqual([])
      expect(JSON.stringify(heard)).not.toContain('canary')
    }
  })

  it('GW58 knows only the providers of the settings.', async () => {
    const rig = await start()
    for (const path of ['nobody/start', 'nobody/callback', '__proto__/start'])
      expect(await ask(rig.port, `GET /api/auth/oidc/${path}`)).toMatchObject({
        status: 404,
        json: { refused: 'not-found' },
      })
  })

  it('GW73 sends nobody to a provider too often.', async () => {
    const rig = await start({}, { settings: { ...settings, limits: true } })
    for (let times = 0; times < 50; times++)
      expect((await ask(rig.port, 'GET /api/auth/oidc/corp/start')).headers.location).toContain('id.example')
    expect((await ask(rig.port, 'GET /api/auth/oidc/corp/start')).headers.location).toBe('/?error=too-fast')
    expect(await ask(rig.port, 'POST /api/me/providers/corp', { token })).toMatchObject({ status: 429 })
  })
})

describe('linking a provider', () => {
  it('GW59 begins with the bearer, for that session, and tells where to go.', async () => {
    const rig = await start()
    const { status, json, headers } = await ask(rig.port, 'POST /api/me/providers/corp', { token })
    expect([status, json]).toEqual([200, { url: 'https://id.example/?state=x' }])
    expect(cookies(headers)).toEqual([expect.stringMatching(/^verbatim_attempt=sealed-1; .*SameSite=Lax$/)])
    expect(rig.heard).toMatchObject([{ id: 'corp', link: { user: ada.id, session: sessionOf(ada.id) } }])
    expect(await ask(rig.port, 'GET /api/me/providers', { token })).toMatchObject({
      json: { providers: [{ id: 'corp', name: 'Corp', linked: true }] },
    })
  })

  it('GW59 is refused without the bearer, whatever cookie there is, and from another site.', async () => {
    const rig = await start()
    const cookie = { cookie: 'verbatim_refresh=refresh-1' }
    expect(await ask(rig.port, 'POST /api/me/providers/corp', { headers: cookie })).toMatchObject({ status: 401 })
    const elsewhere = { origin: 'https://evil.example' }
    expect(await ask(rig.port, 'POST /api/me/providers/corp', { token, headers: elsewhere })).toMatchObject({
      status: 403,
    })
    expect(await ask(rig.port, 'POST /api/me/providers/nobody', { token })).toMatchObject({ status: 404 })
    expect(rig.heard).toMatchObject([{ id: 'nobody' }])
  })

  it('GW59 ends on the page with what was linked, or why not, and the session stays as it was.', async () => {
    const linked = await start({ finish: async () => ({ kind: 'linked' }) })
    const back = await ask(linked.port, 'GET /api/auth/oidc/corp/callback?code=c&state=x')
    expect(back.headers.location).toBe('/?linked=corp')
    expect(cookies(back.headers)).toEqual([expect.stringContaining('verbatim_attempt=; Max-Age=0')])
    const down = await start({ begin: async () => ({ kind: 'fault', fault: 'provider-unreachable' }) })
    expect(await ask(down.port, 'POST /api/me/providers/corp', { token })).toMatchObject({
      status: 503,
      json: { refused: 'unavailable', detail: 'provider-unreachable' },
    })
  })
})

describe('unlinking a provider', () => {
  it('GW65 is done for the person of the bearer only, and answers with nothing.', async () => {
    const rig = await start()
    const { status, text } = await ask(rig.port, 'DELETE /api/me/providers/corp', { token })
    expect([status, text]).toEqual([204, ''])
    expect(rig.heard).toEqual([{ id: 'corp', unlinked: { user: ada.id, session: sessionOf(ada.id) } }])
    const cookie = { cookie: 'verbatim_refresh=refresh-1' }
    expect(await ask(rig.port, 'DELETE /api/me/providers/corp', { headers: cookie })).toMatchObject({ status: 401 })
    const elsewhere = { origin: 'https://evil.example' }
    expect(await ask(rig.port, 'DELETE /api/me/providers/corp', { token, headers: elsewhere })).toMatchObject({
      status: 403,
    })
    expect(rig.heard).toHaveLength(1)
  })

  it('GW65 says when it is the only way in, and when there is no such provider.', async () => {
    const rig = await start({ unlink: async (id) => (id === 'corp' ? 'only-way-in' : undefined) })
    expect(await ask(rig.port, 'DELETE /api/me/providers/corp', { token })).toMatchObject({
      status: 422,
      json: { refused: 'only-way-in' },
    })
    for (const id of ['nobody', '__proto__'])
      expect(await ask(rig.port, `DELETE /api/me/providers/${id}`, { token })).toMatchObject({
        status: 404,
        json: { refused: 'not-found' },
      })
  })
})
