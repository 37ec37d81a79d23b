import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import type { Server } from './server.ts'

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export const openBrowser = (): Promise<Browser> => chromium.launch({ executablePath: '/usr/bin/chromium', args: flags })

/** What a browser may say by itself while nothing is wrong: nobody signed in yet, or the network is gone on purpose. */
const expected = /401|ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_REFUSED|WebSocket connection to/

export const makeWindows = (browser: Browser, server: Server) => {
  const complaints: string[] = []
  const watch = (page: Page): Page => {
    page.on('pageerror', (error) => complaints.push(String(error.stack)))
    page.on('console', (message) => {
      if (message.type() === 'error' && !expected.test(message.text()))
        complaints.push(`${message.text()} ${message.location().url}`)
    })
    return page
  }
  return {
    /** Errors and violations of the content security policy that any window told of. */
    complaints,
    /** A browser of its own, with no cookies yet. */
    open: async (options: BrowserContextOptions = {}): Promise<Page> => {
      const context = await browser.newContext({
        baseURL: server.url,
        locale: 'en-GB',
        viewport: { width: 1280, height: 800 },
        ...options,
      })
      context.setDefaultTimeout(10_000)
      const page = watch(await context.newPage())
      await page.goto('/')
      return page
    },
    /** Another tab of the same person. */
    tab: async (page: Page): Promise<Page> => {
      const other = watch(await page.context().newPage())
      await other.goto('/')
      return other
    },
  }
}
