import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Provider } from 'oidc-provider'
import type { Page } from 'playwright-core'

const client = { client_id: 'verbatim', client_secret: 'the secret of this test' }

/**
 * A real OpenID provider on loopback, under another host name than the server, so that the way back is one from another
 * site. It takes any login, and tells its names only when it is asked for them.
 */
export const startProvider = async () => {
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
        ttl: { AccessToken: 600, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
        cookies: { keys: ['a key of this test'] },
        findAccount: async (_, id) => ({
          accountId: id,
          claims: async () => ({ sub: id, preferred_username: `${id}@corp.example`, name: `${id} of Corp` }),
        }),
      })
      const handle = provider.callback()
      answer = (request, response) =>
        request.url === '/favicon.ico' ? response.writeHead(204).end() : void handle(request, response)
    },
    stop: async (): Promise<void> => {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
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
