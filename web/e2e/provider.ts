import { AsyncLocalStorage } from 'node:async_hooks'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Provider } from 'oidc-provider'
import type { Page } from 'playwright-core'

const client = { client_id: 'verbatim', client_secret: 'the secret of this test' }

/**
 * A real OpenID provider on loopback, under another host name than the server, so that the way back is one from another
 * site. It takes any login, and tells its names only when it is asked for them.
 * @param clockOff milliseconds by which its clock is ahead of this machine's
 */
export const startProvider = async (clockOff = 0) => {
  const clock = clockOff === 0 ? rightClock : wrongClock(clockOff)
  let answer: RequestListener = (_, response) => response.writeHead(404).end()
  const server = createServer((request, response) => answer(request, response))
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    issuer,
    client,
    /** Knows the server from now on; before, the issuer is a page that is not there. */
    knows: (serverUrl: string, name: string): void => {
      const provider = new Provider(issuer, {
        clients: [{ ...client, redirect_uris: [`${serverUrl}/api/auth/oidc/${name}/callback`] }],
        claims: { openid: ['sub'], profile: ['name', 'preferred_username'] },
        // Its cookies outlive its clock; an ID token lives for five minutes, as with many providers.
        ttl: { AccessToken: 600, Grant: 3_600, IdToken: 300, Interaction: 3_600, Session: 3_600 },
        cookies: { keys: ['a key of this test'] },
        findAccount: async (_, id) => ({
          accountId: id,
          claims: async () => ({ sub: id, preferred_username: `${id}@corp.example`, name: `${id} of Corp` }),
        }),
      })
      const handle = provider.callback()
      answer = (request, response) =>
        request.url === '/favicon.ico'
          ? response.writeHead(204).end()
          : clock.during(() => void handle(request, response))
    },
    stop: async (): Promise<void> => {
      clock.mend()
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
}

type Clock = { during(work: () => void): void; mend(): void }
const rightClock: Clock = { during: (work) => work(), mend: () => undefined }
/** The clock of this process, wrong for what happens during `work` and right for everything beside it. */
const wrongClock = (off: number): Clock => {
  const within = new AsyncLocalStorage<number>()
  const right = Date.now
  Date.now = () => right() + (within.getStore() ?? 0)
  return {
    during: (work) => within.run(off, work),
    mend: () => {
      Date.now = right
    },
  }
}

/** At the provider's: who one is there, and yes. */
export const signInThere = async (page: Page, login: string): Promise<void> => {
  await page.getByPlaceholder('Enter any login').fill(login)
  await page.getByPlaceholder('and password').fill('whatever')
  await page.getByRole('button', { name: 'Sign-in' }).click()
  await page.getByRole('button', { name: 'Continue' }).click()
}
export const sayNoThere = (page: Page): Promise<void> => page.getByRole('link', { name: 'Cancel' }).click()
