import { describe, expect, it } from 'vitest'
import { makeApi, Refused } from './api.ts'

type Asked = { path: string; method: string; headers: Record<string, string>; body: unknown }

/** A server that answers in turn, and a session that renews as told. */
const served = (answers: (Response | Error)[], renewals: (string | undefined)[] = []) => {
  const asked: Asked[] = []
  let token: string | undefined = 'old'
  let renewed = 0
  const api = makeApi(
    {
      current: () => token,
      renew: async () => {
        renewed++
        token = renewals.shift()
        return token
      },
    },
    async (path, init) => {
      const { method = 'GET', body } = init
      asked.push({ path, method, headers: init.headers as Record<string, string>, body })
      const answer = answers.shift()
      if (answer instanceof Response) return answer
      throw answer ?? new Error('nobody is there')
    },
  )
  return { api, asked, renewals: () => renewed }
}
const json = (status: number, body: unknown) => new Response(JSON.stringify(body), { status })
const notSignedIn = () => json(401, { refused: 'not-signed-in' })

describe('a request', () => {
  it('WB77 goes again with a new token when the old one is not taken', async () => {
    const { api, asked } = served([notSignedIn(), json(200, { ok: true })], ['new'])
    expect(await api.post('/api/commands', { id: 'x' })).toEqual({ ok: true })
    expect(asked.map(({ headers }) => headers.authorization)).toEqual(['Bearer old', 'Bearer new'])
    expect(asked[1]?.body).toBe('{"id":"x"}')
  })

  it('WB77 is refused when the session is over, or the new token is not taken either', async () => {
    const over = served([notSignedIn()], [undefined])
    await expect(over.api.get('/api/me')).rejects.toMatchObject({ reason: 'not-signed-in' })
    expect(over.asked).toHaveLength(1)
    const circle = served([notSignedIn(), notSignedIn()], ['new'])
    await expect(circle.api.get('/api/me')).rejects.toMatchObject({ reason: 'not-signed-in' })
    expect(circle.renewals()).toBe(1)
  })

  it('WB78 carries the position of the last write when it reads, and only then', async () => {
    const { api, asked } = served([json(200, {}), json(200, {}), json(200, {})])
    await api.get('/api/me')
    api.reached('9001')
    await api.get('/api/conversations')
    await api.post('/api/commands', {})
    expect(asked.map(({ headers }) => headers['x-verbatim-position'])).toEqual([undefined, '9001', undefined])
  })

  it('WB79 tells a refusal by its reason, and anything unreadable as unreachable', async () => {
    const refused = json(429, { refused: 'too-fast', retryAfter: 3 })
    const { api } = served([
      refused,
      new Error('offline'),
      new Response('<html>', { status: 502 }),
      new Response(null, { status: 204 }),
    ])
    await expect(api.get('/')).rejects.toEqual(new Refused('too-fast', undefined, 3))
    await expect(api.get('/')).rejects.toMatchObject({ reason: 'unreachable' })
    await expect(api.get('/')).rejects.toMatchObject({ reason: 'unreachable' })
    await expect(api.remove('/')).resolves.toBeUndefined()
  })
})
