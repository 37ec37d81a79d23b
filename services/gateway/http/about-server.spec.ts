import { describe, expect, it } from 'vitest'
import { ask } from '../rig/asking.ts'
import { cast, startGateway, tokenOf } from '../rig/rig.ts'

const { ada } = cast
const token = tokenOf(ada.id)

describe('about the server', () => {
  it('GW57 lives, is ready or not, and tells details to this machine alone.', async () => {
    let ready = true
    const rig = await startGateway({
      ready: async () => ({ ready, parts: { log: 'live' } }),
      settings: { allowedOrigins: [], limits: false, trustProxy: true },
    })
    expect(await ask(rig.port, 'GET /health')).toMatchObject({ status: 200 })
    expect(await ask(rig.port, 'GET /ready')).toMatchObject({
      status: 200,
      json: { ready: true, parts: { log: 'live' } },
    })
    const far = await ask(rig.port, 'GET /ready', { headers: { 'x-forwarded-for': '127.0.0.1, 203.0.113.9' } })
    expect(far.json).toEqual({ ready: true })
    ready = false
    expect(await ask(rig.port, 'GET /ready')).toMatchObject({ status: 503, json: { ready: false } })
  })

  it('GW57 describes itself, and every answer in JSON carries the headers that keep it data.', async () => {
    const rig = await startGateway()
    expect((await ask(rig.port, 'GET /api/openapi.json')).json).toMatchObject({
      openapi: expect.stringMatching(/^3\.1/),
    })
    expect((await ask(rig.port, 'GET /api/asyncapi.json')).json).toMatchObject({
      asyncapi: expect.stringMatching(/^3\./),
    })
    expect((await ask(rig.port, 'GET /api/me', { token })).headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    })
  })
})
