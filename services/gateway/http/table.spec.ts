import { contract } from '@verbatim/protocol/contract'
import { describe, expect, it } from 'vitest'
import { gatewayLimits } from '../limits/gateway-limits.ts'
import type { Route } from './route.ts'
import { type RouteParts, routes } from './routes.ts'
import { table } from './table.ts'

const nobody = new Proxy({}, { get: () => () => Promise.reject(new Error('not asked')) }) as RouteParts
const settings = { allowedOrigins: [], limits: false, trustProxy: false }
const all = routes({ ...nobody, settings, limiter: gatewayLimits(false, () => 0), secure: false })
const answer = async () => ({ status: 200 })

describe('table', () => {
  it('GW40 has every row of the contract, and refuses as not-yet exactly what the contract leaves for later.', () => {
    const named = ({ method, path }: { method: string; path: string }) => `${method} ${path}`
    const byName = new Map(all.map((route) => [named(route), route]))
    expect([...byName.keys()].sort()).toEqual(contract.map(named).sort())
    for (const row of contract) {
      const later = row.later === true
      expect([named(row), byName.get(named(row))?.who === 'nobody-yet']).toEqual([named(row), later])
    }
  })

  it('GW40 lets nobody in without a token whom the contract wants signed in, and takes the body that it names.', () => {
    for (const row of contract.filter((each) => !each.later)) {
      const route = all.find(({ method, path }) => method === row.method && path === row.path)
      const open = route?.who === 'anyone' || route?.who === 'cookie'
      expect([row.path, open]).toEqual([row.path, row.who !== 'signed-in'])
      if (route && route.who !== 'nobody-yet') expect([row.path, route.body]).toEqual([row.path, row.takes])
    }
  })

  it('GW40 does not start with a route that does not say who may, or that stands there twice.', () => {
    const silent = { method: 'GET', path: '/api/x', answer } as unknown as Route
    expect(() => table([silent])).toThrow('GET /api/x does not say who may')
    const route: Route = { method: 'GET', path: '/api/x', who: 'anyone', answer }
    expect(() => table([route, route])).toThrow('twice')
  })

  it('GW41 finds a path by its words first, then by its parameters, and nothing else.', () => {
    const find = table([
      { method: 'GET', path: '/api/things/:id', who: 'anyone', answer },
      { method: 'POST', path: '/api/things/new', who: 'anyone', answer },
      { method: 'GET', path: '/api/things/:id/parts/:part', who: 'anyone', answer },
    ])
    expect(find('/api/things/7')?.params).toEqual(new Map([['id', '7']]))
    expect([...(find('/api/things/new')?.routes.keys() ?? [])]).toEqual(['POST'])
    expect(find('/api/things/1/parts/2')?.params).toEqual(
      new Map([
        ['id', '1'],
        ['part', '2'],
      ]),
    )
    for (const path of [
      '/api',
      '/api/things',
      '/api/things/1/',
      '/API/things/1',
      '/api/things/1/parts',
      '//api/things/1',
    ])
      expect([path, find(path)]).toEqual([path, undefined])
  })
})
