import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { api } from './e2e/api.ts'
import { LONG_NAME, type LongCast, longCast } from './e2e/long-cast.ts'
import { composer, message, openChat, signIn, signUp, write } from './e2e/people.ts'

let cast: LongCast
let server: LongCast['server']
let windows: LongCast['windows']
let page: Page
let max: LongCast['max']
let tea: LongCast['tea']
beforeAll(async () => {
  cast = await longCast()
  ;({ server, windows, page, max, tea } = cast)
})
afterAll(() => cast?.close())

describe('somebody new', () => {
  it('WB102 is led to what is wrong with his form', async () => {
    const other = await windows.open()
    const focused = () => other.evaluate(() => document.activeElement?.getAttribute('name'))
    await expect.poll(focused).toBe('handle')
    await other.getByRole('button', { name: 'Make an account' }).click()
    await expect.poll(focused).toBe('name')
    await other.getByLabel('Name').fill('Eva Moreau')
    await other.getByLabel('Handle').fill('eva moreau')
    await other.getByLabel('Password').fill('correct horse')
    await other.getByRole('button', { name: 'Make account' }).click()
    await other.getByRole('alert').getByText('A handle has').waitFor()
    expect(await focused()).toBe('handle')
    expect(await other.getByLabel('Handle').getAttribute('aria-invalid')).toBe('true')
    await other.getByLabel('Handle').fill('eva')
    await other.getByLabel('Password').fill('short')
    await other.getByLabel('Password').press('Enter')
    await other.getByRole('alert').getByText('A password has').waitFor()
    await expect.poll(focused).toBe('password')
    await other.context().close()
  })

  it('WB106 finds nothing yet, and his own handle to tell', async () => {
    const other = await windows.open()
    await signUp(other, 'fresh_one', 'Fresh One')
    await other.getByText('@fresh_one').waitFor()
    await other.context().close()
  })

  it('WB107 is answered either way where he asks', async () => {
    await page.getByRole('button', { name: 'People, 1 request' }).click()
    await page.getByRole('button', { name: `Decline ${LONG_NAME}` }).click()
    await page.getByRole('region', { name: 'Asking to be friends' }).waitFor({ state: 'detached' })
    await page.keyboard.press('Escape')
  })

  it('WB111 goes back on a phone by the browser, and not in again', async () => {
    const phone = await windows.open({ viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true })
    await signIn(phone, 'ada')
    const length = () => phone.evaluate(() => history.length)
    const before = await length()
    await openChat(phone, 'at four')
    await phone.getByRole('button', { name: 'Details', exact: true }).tap()
    await phone.getByRole('button', { name: 'Close the details' }).tap()
    await composer(phone).waitFor()
    await phone.getByRole('button', { name: 'Back to chats' }).tap()
    await phone.getByRole('navigation', { name: 'Conversations' }).waitFor()
    await openChat(phone, 'at four')
    expect(await length()).toBe(before + 1)
    await write(phone, 'from a phone')
    await message(phone, 'from a phone, Sent').waitFor()
    await phone.context().close()
  })

  it('WB118 is led from pinned words to where they stand, also on a phone', async () => {
    const { act, say } = api(server)
    const { id } = await say(max, tea, 'Four means four.')
    await act(max, 'Pin', { conversation: tea, message: id })
    for (let i = 0; i < 60; i++) await say(max, tea, `and ${i} more`)
    const phone = await windows.open({ viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true })
    await signIn(phone, 'ada')
    await openChat(phone, 'at four')
    await phone.getByRole('button', { name: 'Details', exact: true }).tap()
    await phone.getByRole('button', { name: /Go to.*Four means four/ }).tap()
    await expect
      .poll(() =>
        message(phone, 'Four means four.').evaluate((one) => {
          const { top, bottom } = one.getBoundingClientRect()
          return top > 0 && bottom < innerHeight
        }),
      )
      .toBe(true)
    await phone.context().close()
  })

  it('WB119 is told that the server signed him out, and not after doing so himself', async () => {
    const other = await windows.open()
    await signIn(other, 'ada')
    await page.getByRole('button', { name: 'Settings' }).click()
    const others = page.getByRole('button', { name: /^Sign out Chrome/ })
    await others.first().waitFor()
    for (let left = await others.count(); left > 0; left--) {
      await others.first().click()
      await expect.poll(() => others.count()).toBe(left - 1)
    }
    await other.getByText('You were signed out.').waitFor()
    await page.getByRole('button', { name: 'Sign out', exact: true }).click()
    await page.getByRole('heading', { name: 'Welcome back' }).waitFor()
    expect(await page.getByText('You were signed out.').count()).toBe(0)
  })

  it('WB87 sees no error in the console and breaks no rule of the content security policy', () => {
    expect(windows.complaints).toEqual([])
  })
})
