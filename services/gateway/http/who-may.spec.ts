import { directConversation, groupId } from '@verbatim/protocol'
import { contract } from '@verbatim/protocol/contract'
import { describe, expect, it } from 'vitest'
import { ask } from '../rig/asking.ts'
import { cast, startGateway, tokenOf } from '../rig/rig.ts'

const { ada, bob } = cast
const tea = directConversation(ada.id, bob.id)
const token = tokenOf(ada.id)
const filled = (path: string) => path.replaceAll(/:\w+/g, tea)
const built = contract.filter((row) => !row.later && row.path !== '/metrics')
const at = <T>(value: T, position = 5) => Promise.resolve({ position, value })

describe('who may', () => {
  it.each(built.filter(({ who }) => who === 'signed-in'))(
    'GW42 refuses $method $path without a token, and with one that is none.',
    async ({ method, path }) => {
      const rig = await startGateway()
      const row = `${method} ${filled(path)}`
      const body = method === 'GET' ? {} : { body: {} }
      const answers = [
        await ask(rig.port, row, body),
        await ask(rig.port, row, { ...body, token: 'forged' }),
        await ask(rig.port, row, { ...body, headers: { authorization: `Basic ${token}` } }),
        await ask(rig.port, row, { ...body, headers: { authorization: `Bearer ${token} ${token}` } }),
      ]
      for (const answer of answers) expect(answer).toMatchObject({ status: 401, json: { refused: 'not-signed-in' } })
      expect(rig.orders).toEqual([])
    },
  )

  it('GW43 answers every row of a later version with not-yet, to everyone, whatever comes with it.', async () => {
    const rig = await startGateway()
    for (const { method, path } of contract.filter(({ later }) => later)) {
      const row = `${method} ${filled(path)}`
      const body = method === 'POST' ? { body: '{' } : {}
      for (const who of [{}, { token }]) {
        const answer = await ask(rig.port, row, { ...who, ...body })
        expect([row, answer.status]).toEqual([row, 404])
        if (method !== 'HEAD') expect(answer.json).toEqual({ refused: 'not-yet' })
      }
    }
    for (const path of [`/api/conversations/${tea}`, `/api/conversations/${tea}/messages`])
      expect(await ask(rig.port, `GET ${path}?asOf=x`)).toMatchObject({ status: 404, json: { refused: 'not-yet' } })
  })

  it('GW44 says 404 to what is no route and 405 to what is no method of one.', async () => {
    const rig = await startGateway()
    for (const path of ['/api', '/api/', '/api/nothing', '/api/me/', '/api/conversations//messages', '/api/__proto__'])
      expect([path, (await ask(rig.port, `GET ${path}`, { token })).json]).toEqual([path, { refused: 'not-found' }])
    const wrong = await ask(rig.port, 'DELETE /api/me', { token })
    expect(wrong).toMatchObject({ status: 405, json: { refused: 'malformed' }, headers: { allow: 'GET' } })
    expect(await ask(rig.port, 'OPTIONS /api/me')).toMatchObject({ status: 405 })
    expect(await ask(rig.port, 'HEAD /health')).toMatchObject({ status: 200, text: '' })
  })

  it('GW45 tells "not there" and "not yours" by the same bytes, and an id of the wrong form too.', async () => {
    const rig = await startGateway({ timelines: { messages: () => at(undefined, 1) } })
    const heard = await Promise.all(
      ['', '/messages', '/events', `/messages/${ada.id}/edits`, `/messages/${ada.id}/readers`]
        .flatMap((rest) => [tea, groupId(ada.id), 'nonsense', '__proto__', '%00', '..'].map((id) => `${id}${rest}`))
        .map((path) => ask(rig.port, `GET /api/conversations/${path}`, { token })),
    )
    for (const { status, text, headers } of heard) {
      expect([status, text]).toEqual([404, '{"refused":"not-found"}'])
      expect({ ...headers, date: '' }).toEqual({ ...heard[0]?.headers, date: '' })
    }
  })

  it('GW46 answers what nobody foresaw with 503 and a number that stands in the log, and with no word of it.', async () => {
    const rig = await startGateway({ socialGraph: { friends: () => Promise.reject(new Error('secret detail')) } })
    const { status, json, text, headers } = await ask(rig.port, 'GET /api/me/friends', { token })
    expect([status, headers['retry-after']]).toEqual([503, '1'])
    expect(json).toMatchObject({ refused: 'unavailable', retryAfter: 1 })
    expect(text).not.toContain('secret')
    expect(rig.logged).toHaveLength(1)
    expect(JSON.stringify(rig.logged[0]?.fields)).toContain(/error (\w{26})/.exec(text)?.[1] ?? 'no number')
    expect(rig.gateway.stats.failures).toBe(1)
  })
})
