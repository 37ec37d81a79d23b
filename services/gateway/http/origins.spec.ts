import * as examples from '@verbatim/protocol/examples'
import { describe, expect, it } from 'vitest'
import { ask } from '../rig/asking.ts'
import { cast, startGateway, tokenOf } from '../rig/rig.ts'
import { openSocket } from '../rig/talking.ts'

const { ada } = cast
const token = tokenOf(ada.id)

describe('origins', () => {
  const settings = {
    publicUrl: 'https://chat.example.org',
    allowedOrigins: ['https://app.example.org'],
    limits: false,
    trustProxy: false,
  }
  it.each([
    ['https://chat.example.org', true],
    ['https://app.example.org', true],
    ['https://chat.example.org.evil.example', false],
    ['http://chat.example.org', false],
    ['null', false],
    ['https://evil.example', false],
  ])('GW51 lets a page of %s open a socket and change things: %s.', async (origin, allowed) => {
    const rig = await startGateway({ settings })
    const opening = openSocket(rig.port, { origin })
    if (allowed) (await opening).socket.close()
    else await expect(opening).rejects.toThrow('403')
    const answer = await ask(rig.port, 'POST /api/commands', {
      token,
      body: examples.sendMessage(),
      headers: { origin },
    })
    expect(answer.status).toBe(allowed ? 200 : 403)
    if (!allowed) expect(answer.json).toEqual({ refused: 'wrong-origin' })
    const refresh = await ask(rig.port, 'POST /api/auth/refresh', {
      headers: { origin, cookie: 'verbatim_refresh=refresh-1' },
    })
    expect(refresh.status).toBe(allowed ? 200 : 403)
    expect(rig.orders).toHaveLength(allowed ? 1 : 0)
  })

  it('GW51 takes this machine by every name of its own, and by no name that only leads to it.', async () => {
    const rig = await startGateway()
    for (const host of [`127.0.0.1:${rig.port}`, `localhost:${rig.port}`, `[::1]:${rig.port}`]) {
      const headers = { host, origin: `http://${host}` }
      expect(await ask(rig.port, 'POST /api/auth/logout', { token, headers })).toMatchObject({ status: 204 })
    }
    const rebound = { host: `evil.example:${rig.port}`, origin: `http://evil.example:${rig.port}` }
    expect(await ask(rig.port, 'POST /api/auth/logout', { token, headers: rebound })).toMatchObject({ status: 403 })
    const elsewhere = { host: `127.0.0.1:${rig.port}`, origin: 'http://127.0.0.1:1' }
    expect(await ask(rig.port, 'POST /api/auth/logout', { token, headers: elsewhere })).toMatchObject({ status: 403 })
  })

  it('GW51 takes programs that name no origin, and no browser that says the site is another.', async () => {
    const rig = await startGateway({ settings })
    expect(await ask(rig.port, 'POST /api/auth/logout', { token })).toMatchObject({ status: 204 })
    const headers = { 'sec-fetch-site': 'cross-site' }
    expect(await ask(rig.port, 'POST /api/auth/logout', { token, headers })).toMatchObject({ status: 403 })
  })

  it('GW51 lets the pages of the other allowed origins read answers, and those of no others.', async () => {
    const rig = await startGateway({ settings })
    const allowed = { origin: 'https://app.example.org' }
    const asked = await ask(rig.port, 'OPTIONS /api/commands', { headers: allowed })
    expect([asked.status, asked.headers['access-control-allow-origin']]).toEqual([204, allowed.origin])
    const read = await ask(rig.port, 'GET /api/me', { token, headers: allowed })
    expect(read.headers['access-control-allow-origin']).toBe(allowed.origin)
    const evil = await ask(rig.port, 'GET /api/me', { token, headers: { origin: 'https://evil.example' } })
    expect(evil.headers['access-control-allow-origin']).toBeUndefined()
  })
})
