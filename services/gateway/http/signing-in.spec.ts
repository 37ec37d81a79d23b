import * as examples from '@verbatim/protocol/examples'
import { describe, expect, it } from 'vitest'
import { ask } from '../rig/asking.ts'
import { cast, startGateway, tokenOf } from '../rig/rig.ts'

const { ada } = cast
const token = tokenOf(ada.id)

describe('signing in', () => {
  it('GW50 sets the refresh cookie out of reach, rotates it, and clears it.', async () => {
    const rig = await startGateway()
    const body = { handle: 'ada', name: 'Ada', password: examples.password }
    const registered = await ask(rig.port, 'POST /api/auth/register', { body })
    const user = { id: ada.id, handle: 'ada', name: 'Ada' }
    expect([registered.status, registered.json]).toEqual([201, { user, accessToken: token, expiresIn: 600 }])
    expect(registered.headers['set-cookie']).toEqual([
      `verbatim_refresh=refresh-1; Max-Age=${60 * 86_400}; Path=/api/auth; HttpOnly; SameSite=Strict`,
    ])
    const refreshed = await ask(rig.port, 'POST /api/auth/refresh', {
      headers: { cookie: 'a=b; verbatim_refresh=refresh-1' },
    })
    expect([refreshed.status, refreshed.json]).toEqual([200, { accessToken: token, expiresIn: 600 }])
    expect(`${refreshed.headers['set-cookie']}`).toContain('verbatim_refresh=refresh-2;')
    const out = await ask(rig.port, 'POST /api/auth/logout', { headers: { cookie: 'verbatim_refresh=refresh-2' } })
    expect([out.status, out.text]).toEqual([204, ''])
    expect(`${out.headers['set-cookie']}`).toContain('verbatim_refresh=; Max-Age=0; Path=/api/auth')
  })

  it('GW50 sends the cookie over https only, when that is where people come from.', async () => {
    const rig = await startGateway({
      settings: { publicUrl: 'https://chat.example.org', allowedOrigins: [], limits: false, trustProxy: false },
    })
    const { headers } = await ask(rig.port, 'POST /api/auth/login', {
      body: { handle: 'ada', password: 'right password' },
    })
    expect(`${headers['set-cookie']}`).toMatch(/; Secure$/)
  })

  it('GW50 takes a cookie away that is worth nothing, and no cookie or a doubled one for none.', async () => {
    const rig = await startGateway()
    const stolen = await ask(rig.port, 'POST /api/auth/refresh', { headers: { cookie: 'verbatim_refresh=old' } })
    expect([stolen.status, `${stolen.headers['set-cookie']}`]).toEqual([401, expect.stringContaining('Max-Age=0')])
    const doubled = { cookie: 'verbatim_refresh=refresh-1; verbatim_refresh=planted' }
    for (const headers of [{}, doubled])
      expect(await ask(rig.port, 'POST /api/auth/refresh', { headers })).toMatchObject({ status: 401 })
    expect(await ask(rig.port, 'POST /api/auth/logout')).toMatchObject({ status: 401 })
  })

  it('GW50 hands identity the device and the address, and a refusal back as it is.', async () => {
    let from: unknown
    const rig = await startGateway({
      identity: {
        login: async (_, device) => {
          from = device
          return { kind: 'denied', reason: 'wrong-credentials' }
        },
      },
    })
    const body = { handle: 'ada', password: 'wrong' }
    const answer = await ask(rig.port, 'POST /api/auth/login', { body, headers: { 'user-agent': 'x'.repeat(300) } })
    expect([answer.status, answer.json]).toEqual([401, { refused: 'wrong-credentials' }])
    expect(from).toEqual({ device: 'x'.repeat(256), address: '127.0.0.1' })
    expect(await ask(rig.port, 'GET /api/auth/providers')).toMatchObject({ json: { local: true, providers: [] } })
  })
  it('GW75 signs somebody in under his present name, and one whom no model knows yet under the one registered.', async () => {
    const named = { id: ada.id, handle: 'ada', name: 'Ada L.' }
    const body = { handle: 'ada', password: 'right password' }
    for (const [known, name] of [
      [named, 'Ada L.'],
      [undefined, 'Ada'],
    ] as const) {
      const rig = await startGateway({ socialGraph: { person: async () => ({ position: 1, value: known }) } })
      const { json } = await ask(rig.port, 'POST /api/auth/login', { body })
      expect(json).toMatchObject({ user: { id: ada.id, name } })
    }
  })
})
