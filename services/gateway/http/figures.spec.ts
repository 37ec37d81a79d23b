import { describe, expect, it } from 'vitest'
import { type Asking, ask } from '../rig/asking.ts'
import { cast, startGateway, tokenOf } from '../rig/rig.ts'

const { ada } = cast
const metricsToken = 'a token of an operator'.replaceAll(' ', '-')
const bearer = (token: string): Asking => ({ headers: { authorization: `Bearer ${token}` } })
const through = (proxy: Record<string, string>): Asking => ({ headers: proxy })
const settings = { allowedOrigins: [], limits: false, trustProxy: false }

describe('figures', () => {
  it('OP72 are told on this machine as plain text, that no cache keeps.', async () => {
    const rig = await startGateway()
    const { status, text, headers } = await ask(rig.port, 'GET /metrics')
    expect([status, text]).toEqual([200, '# HELP a b\n'])
    expect(headers).toMatchObject({
      'content-type': 'text/plain; version=0.0.4; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
    expect(await ask(rig.port, 'HEAD /metrics')).toMatchObject({ status: 200, text: '' })
  })

  it('OP72 a proxy on this machine does not make everybody near: without the token there is no such thing.', async () => {
    for (const trustProxy of [false, true]) {
      const rig = await startGateway({ settings: { ...settings, trustProxy, metricsToken } })
      const unknown = await ask(rig.port, 'GET /api/nothing')
      for (const asking of [
        through({ 'x-forwarded-for': '203.0.113.9' }),
        through({ 'x-forwarded-for': '127.0.0.1, 203.0.113.9' }),
        through({ 'x-forwarded-for': 'unknown' }),
        through({ forwarded: 'for=127.0.0.1' }),
        through({ via: '1.1 proxy' }),
        { headers: { 'x-forwarded-for': '203.0.113.9', authorization: 'Bearer another-token-of-an-operator' } },
        { headers: { 'x-forwarded-for': '203.0.113.9', authorization: `Basic ${metricsToken}` } },
        { headers: { 'x-forwarded-for': '203.0.113.9', authorization: `Bearer ${tokenOf(ada.id)}` } },
      ]) {
        const { status, text } = await ask(rig.port, 'GET /metrics', asking)
        expect([status, text]).toEqual([404, unknown.text])
        expect((await ask(rig.port, 'GET /ready', asking)).json).toEqual({ ready: true })
      }
      const shown = { headers: { 'x-forwarded-for': '203.0.113.9', ...bearer(metricsToken).headers } }
      expect(await ask(rig.port, 'GET /metrics', shown)).toMatchObject({ status: 200 })
    }
  })

  it('OP72 a trusted proxy says who is near; one that is not trusted cannot.', async () => {
    const near = through({ 'x-forwarded-for': '203.0.113.9, 127.0.0.1' })
    const trusting = await startGateway({ settings: { ...settings, trustProxy: true } })
    expect(await ask(trusting.port, 'GET /metrics', near)).toMatchObject({ status: 200 })
    const distrustful = await startGateway({ settings })
    expect(await ask(distrustful.port, 'GET /metrics', near)).toMatchObject({ status: 404 })
  })

  it('OP72 without a token set, none is the right one.', async () => {
    const rig = await startGateway({ settings })
    for (const token of ['undefined', '-', 'x'])
      expect(
        await ask(rig.port, 'GET /metrics', { headers: { via: 'x', authorization: `Bearer ${token}` } }),
      ).toMatchObject({ status: 404 })
  })
})
