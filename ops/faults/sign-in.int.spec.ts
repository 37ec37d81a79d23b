import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordingClient } from './client.ts'
import { type Account, get, post, refresh, register } from './person.ts'
import { type Server, startServer } from './server.ts'

const data = mkdtempSync(join(tmpdir(), 'verbatim-sign-in-'))
let server: Server
beforeAll(async () => {
  server = await startServer({ data })
})
afterAll(async () => {
  await server.kill()
  rmSync(data, { recursive: true, force: true })
})
const tokenOf = ({ body }: { body: unknown }) => (body as { accessToken: string }).accessToken
const me = (token: string) => get(server.base, '/api/me', { token })
/** A socket that is ready; it comes back as long as it is let in. */
const socketOf = async ({ handle, token }: Account) => {
  const client = recordingClient({ name: handle, base: () => server.base, token: () => token })
  await client.until('ready', () => client.frames.some(({ type }) => type === 'ready'))
  return client
}

describe('tabs and thieves', () => {
  it('OP18 two tabs that refresh at once stay signed in, with one cookie', async () => {
    const ada = await register(server.base, 'ada')
    const client = await socketOf(ada)
    let cookie = ada.cookie
    for (let round = 0; round < 5; round++) {
      const tabs = await Promise.all([refresh(server.base, cookie), refresh(server.base, cookie)])
      expect(tabs.map(({ status }) => status)).toEqual([200, 200])
      expect(tabs[0]?.cookie).toBe(tabs[1]?.cookie)
      for (const tab of tabs) expect((await me(tokenOf(tab))).status).toBe(200)
      cookie = tabs[0]?.cookie ?? ''
    }
    expect(client.closes).toEqual([])
    client.close()
  })

  it('OP18 people stay signed in over a kill, also when the answer to a refresh was lost', async () => {
    const ada = await register(server.base, 'ada')
    const lost = await refresh(server.base, ada.cookie)
    await server.kill()
    server = await startServer({ data, port: server.port })
    expect((await me(ada.token)).status).toBe(200)
    const again = await refresh(server.base, ada.cookie)
    expect(again).toMatchObject({ status: 200, cookie: lost.cookie })
    expect((await refresh(server.base, again.cookie)).status).toBe(200)
  })

  it('OP19 a stolen refresh token that comes late ends the family, and its sockets within a second', async () => {
    const ada = await register(server.base, 'ada')
    const bystander = await register(server.base, 'bob')
    const client = await socketOf(ada)
    const other = await socketOf(bystander)
    const owner = await refresh(server.base, ada.cookie)
    await new Promise((resolve) => setTimeout(resolve, 10_200))

    const stolen = performance.now()
    expect((await refresh(server.base, ada.cookie)).status).toBe(401)
    await client.until('the end', () => client.closes.length > 0, 1_000)
    expect(client.closes[0]?.code).toBe(4401)
    expect((client.closes[0]?.at ?? Number.NaN) - stolen).toBeLessThan(1_000)
    expect((await me(tokenOf(owner))).status).toBe(401)
    expect((await me(ada.token)).status).toBe(401)
    expect((await refresh(server.base, owner.cookie)).status).toBe(401)
    expect(other.closes).toEqual([])
    expect((await me(bystander.token)).status).toBe(200)

    await server.kill()
    server = await startServer({ data, port: server.port })
    expect((await me(tokenOf(owner))).status).toBe(401)
    for (const each of [client, other]) each.close()
  })

  it('OP20 signing out closes the sockets of its session within a second, and of no other', async () => {
    const ada = await register(server.base, 'ada')
    const elsewhere = await post(server.base, '/api/auth/login', {
      handle: ada.handle,
      password: 'correct horse battery',
    })
    expect(elsewhere.status).toBe(200)
    const client = await socketOf(ada)
    const other = await socketOf({ ...ada, token: tokenOf(elsewhere) })
    const out = await post(server.base, '/api/auth/logout', undefined, { cookie: ada.cookie, origin: server.base })
    expect(out.status).toBe(204)
    await client.until('the end', () => client.closes.length > 0, 1_000)
    expect(client.closes[0]?.code).toBe(4401)
    expect((await me(ada.token)).status).toBe(401)
    expect((await me(tokenOf(elsewhere))).status).toBe(200)
    expect(other.closes).toEqual([])
    for (const each of [client, other]) each.close()
  })
})
