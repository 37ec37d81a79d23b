import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signUp } from './e2e/people.ts'
import { sayNoThere, signInThere, startProvider } from './e2e/provider.ts'
import { type Server, startServer } from './e2e/server.ts'
import { makeWindows, openBrowser } from './e2e/windows.ts'

let server: Server
let browser: Browser
let provider: Awaited<ReturnType<typeof startProvider>>
let windows: ReturnType<typeof makeWindows>

beforeAll(async () => {
  provider = await startProvider()
  server = await startServer({
    ...settingsOf('CORP', provider.issuer),
    OIDC_CORP_LABEL: 'Corp & Co',
    ...settingsOf('LOST', `${provider.issuer}/nowhere`),
    // A port of which the system says at once that nobody listens.
    ...settingsOf('DOWN', 'http://127.0.0.1:1'),
  })
  browser = await openBrowser()
  windows = makeWindows(browser, server)
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
  await provider?.stop()
})

const settingsOf = (name: string, issuer: string) => ({
  [`OIDC_${name}_ISSUER`]: issuer,
  [`OIDC_${name}_CLIENT_ID`]: 'verbatim',
  [`OIDC_${name}_CLIENT_SECRET`]: 'the secret of this test',
})
const goTo = (page: Page, name: string) => page.getByRole('link', { name: `Continue with ${name}` }).click()
const isIn = (page: Page) => page.getByRole('heading', { name: 'Verbatim' }).waitFor()
const settings = (page: Page) => page.getByRole('button', { name: 'Settings' }).click()
const handleOf = async (page: Page): Promise<string> => {
  await settings(page)
  return (await page.getByRole('region', { name: 'You' }).textContent()) ?? ''
}
const open = async (): Promise<Page> => {
  const page = await windows.open()
  // The provider's own pages ask for a font from far away.
  await page.context().route('https://fonts.googleapis.com/**', (route) => route.fulfill({ body: '' }))
  return page
}
const enter = async (login: string): Promise<Page> => {
  const page = await open()
  await goTo(page, 'Corp & Co')
  await signInThere(page, login)
  await isIn(page)
  return page
}

/** One after the other: each goes on where the one before ended. */
describe('with a real provider, people', () => {
  it('OP96 are told on the page that a provider is wrongly set up or down, and can still sign in otherwise', async () => {
    const page = await open()
    await goTo(page, 'Corp & Co')
    await page.getByRole('alert').getByText('This provider is not set up rightly.').waitFor()
    await goTo(page, 'Lost')
    await page.getByRole('alert').getByText('This provider is not set up rightly.').waitFor()
    await goTo(page, 'Down')
    await page.getByRole('alert').getByText('The provider does not answer.').waitFor()
    expect(new URL(page.url()).search).toBe('')
    await page.reload()
    await page.getByRole('heading', { name: 'Welcome back' }).waitFor()
    expect(await page.getByRole('alert').textContent()).toBe('')
    provider.knows(server.url, 'corp')
  })

  it('OP96 register the first time, and sign in to the same account from another browser', async () => {
    const first = await enter('ada')
    expect(await handleOf(first)).toContain('@ada')
    await first.getByRole('listitem').filter({ hasText: 'Corp & Co' }).getByText('Linked').waitFor()
    expect((await first.context().cookies()).find(({ name }) => name === 'verbatim_attempt')).toBeUndefined()
    const second = await enter('ada')
    expect(await handleOf(second)).toContain('@ada')
    await second.reload()
    const name = second.getByLabel('Your name')
    await name.waitFor()
    expect(await name.inputValue()).toBe('ada of Corp')
  })

  it('OP96 say no, are told so, and may change their mind', async () => {
    const page = await open()
    await goTo(page, 'Corp & Co')
    await sayNoThere(page)
    await page.getByRole('alert').getByText('You were not signed in: you said no at the provider.').waitFor()
    await goTo(page, 'Corp & Co')
    await signInThere(page, 'ada')
    await isIn(page)
  })

  it('OP96 come back with an address that was used, and nobody is signed in by it', async () => {
    const page = await open()
    const callback = page.waitForRequest((request) => request.url().includes('/callback?'))
    await goTo(page, 'Corp & Co')
    await signInThere(page, 'eve')
    const used = (await callback).url()
    await isIn(page)
    const thief = await open()
    await thief.goto(used)
    await thief.getByRole('alert').getByText('That attempt is over.').waitFor()
    await goTo(thief, 'Corp & Co')
    await thief.getByPlaceholder('Enter any login').waitFor()
    await thief.goto(used)
    await thief.getByRole('alert').getByText('the answer did not belong to this browser').waitFor()
    expect((await thief.context().cookies()).find(({ name }) => name === 'verbatim_refresh')).toBeUndefined()
  })

  it('OP96 link a provider to an account with a password, sign in by either, and take no link from somebody', async () => {
    const bob = await open()
    await signUp(bob, 'bob', 'Bob Lind')
    await settings(bob)
    await bob.getByRole('button', { name: 'Link Corp & Co' }).click()
    await signInThere(bob, 'robert')
    await bob.getByText('Linked: you can sign in that way, too.').waitFor()
    await bob.getByRole('listitem').filter({ hasText: 'Corp & Co' }).getByText('Linked', { exact: true }).waitFor()
    expect(await handleOf(await enter('robert'))).toContain('@bob')

    const mallory = await open()
    await signUp(mallory, 'mallory', 'Mallory')
    await settings(mallory)
    await mallory.getByRole('button', { name: 'Link Corp & Co' }).click()
    await signInThere(mallory, 'robert')
    await mallory.getByText('That account belongs to somebody else here already.').waitFor()
    expect(await handleOf(await enter('robert'))).toContain('@bob')
  })

  it('OP96 unlink a provider when they say so twice, and are told when it is their only way in', async () => {
    const eve = await enter('eve')
    await settings(eve)
    const corp = eve.getByRole('listitem').filter({ hasText: 'Corp & Co' })
    await eve.getByRole('button', { name: 'Unlink Corp & Co' }).click()
    await eve.getByRole('alert').getByText('You can then no longer sign in with Corp & Co.').waitFor()
    await corp.getByRole('button', { name: 'Keep' }).click()
    await eve.getByRole('button', { name: 'Unlink Corp & Co' }).click()
    await corp.getByRole('button', { name: 'Yes, unlink' }).click()
    await eve.getByText('It is your only way to sign in. Link another one first.').waitFor()
    await corp.getByText('Linked', { exact: true }).waitFor()

    const dora = await open()
    await signUp(dora, 'dora', 'Dora Lund')
    await settings(dora)
    await dora.getByRole('button', { name: 'Link Corp & Co' }).click()
    await signInThere(dora, 'theodora')
    const unlink = dora.getByRole('button', { name: 'Unlink Corp & Co' })
    await unlink.focus()
    await dora.keyboard.press('Enter')
    await dora.getByRole('alert').getByText('You can then no longer sign in with Corp & Co.').waitFor()
    await dora.keyboard.press('Enter')
    await dora.getByRole('button', { name: 'Link Corp & Co' }).waitFor()
    await dora.reload()
    await dora.getByRole('button', { name: 'Link Corp & Co' }).waitFor()
    expect(await handleOf(await enter('theodora'))).not.toMatch(/@dora\b/)
  })

  it('OP96 began before a restart of the server and begin again after it', async () => {
    const page = await open()
    await goTo(page, 'Corp & Co')
    await page.getByPlaceholder('Enter any login').waitFor()
    await server.kill()
    await server.again()
    await signInThere(page, 'ada')
    await page.getByRole('alert').getByText('That attempt is over. Please try again.').waitFor()
    await goTo(page, 'Corp & Co')
    await isIn(page)
    expect(await handleOf(page)).toContain('@ada')
  })

  it.each([
    ['ahead', 10 * 60_000],
    ['behind', -10 * 60_000],
  ])('OP96 are told on the page that the provider’s clock is ten minutes %s, and are not signed in', async (_, off) => {
    const skewed = await startProvider(off)
    const chat = await startServer(settingsOf('CORP', skewed.issuer))
    try {
      skewed.knows(chat.url, 'corp')
      const page = await makeWindows(browser, chat).open()
      await page.context().route('https://fonts.googleapis.com/**', (route) => route.fulfill({ body: '' }))
      await goTo(page, 'corp')
      await signInThere(page, 'ada')
      await page
        .getByRole('alert')
        .getByText('The clocks of the provider and of this server differ too much.')
        .waitFor()
      await page.getByRole('heading', { name: 'Welcome back' }).waitFor()
      expect(new URL(page.url()).search).toBe('')
      expect((await page.context().cookies()).find(({ name }) => name === 'verbatim_refresh')).toBeUndefined()
      expect(chat.said()).toContain('"fault":"clock-skew"')
    } finally {
      await chat.stop()
      await skewed.stop()
    }
  })

  it('WB87 see no error in the console and break no rule of the content security policy', () => {
    const asked = /422 .*\/api\/me\/providers\/corp$/
    expect(windows.complaints.filter((complaint) => !asked.test(complaint))).toEqual([])
  })
})
