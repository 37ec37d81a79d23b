import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { api } from './e2e/api.ts'
import { LONG_NAME, type LongCast, longCast } from './e2e/long-cast.ts'
import { actOn, composer, message, openChat } from './e2e/people.ts'
import { fromEnd } from './e2e/scrolling.ts'

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

describe('the keyboard', () => {
  it('WB108 leads out of where one is with Escape, one step at a time', async () => {
    await openChat(page, 'at four')
    await page.getByRole('button', { name: 'Details', exact: true }).click()
    await page.getByRole('button', { name: 'Settings' }).click()
    await page.getByRole('heading', { name: 'Settings' }).waitFor()
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))
    await expect.poll(focused).toBe('Back to chats')
    await page.keyboard.press('Escape')
    await expect.poll(focused).toBe('Settings')
    await page.getByRole('button', { name: 'Details', exact: true }).click()
    await page.getByRole('complementary', { name: 'Details' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('complementary', { name: 'Details' }).waitFor({ state: 'detached' })
    await message(page, 'line 399').focus()
    await page.keyboard.press('Escape')
    await expect.poll(focused).toMatch(/^Write to/)
    await page.locator('[data-scroller]').evaluate((one) => one.scrollTo({ top: 0 }))
    await page.getByRole('button', { name: 'Jump to the latest' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Jump to the latest' }).waitFor({ state: 'detached' })
    await expect.poll(() => fromEnd(page)).toBe(0)
  })

  it('WB109 writes from wherever the focus is, opens what is found first, and goes to what is unread', async () => {
    await page.getByRole('button', { name: 'Details', exact: true }).focus()
    await page.keyboard.type('from anywhere')
    expect(await composer(page).inputValue()).toBe('from anywhere')
    await composer(page).fill('')
    await page.keyboard.press('Control+k')
    await page.keyboard.type('zu tal')
    await page.getByRole('heading', { name: 'Chats' }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: LONG_NAME }).waitFor()
    await api(server).say(max, tea, 'over here')
    await page.getByRole('button', { name: /at four.*1\s*unread/ }).waitFor()
    await page.keyboard.press('Alt+Shift+ArrowUp')
    await message(page, 'over here').waitFor()
    await message(page, 'over here').focus()
    await page.keyboard.press('a')
    await page.getByRole('button', { name: 'React with 👍' }).waitFor()
    await page.keyboard.press('Escape')
  })

  it('WB115 passes the list of conversations in one step, on which the arrows move', async () => {
    await page.keyboard.press('Control+k')
    await page.keyboard.press('Tab')
    const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '')
    expect(await focused()).toContain('at four')
    await page.keyboard.press('ArrowDown')
    expect(await focused()).toContain('Is this your handle?')
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.closest('main') !== null)).toBe(true)
  })

  it('WB117 passes the messages in one step, too, and shows what can be done only where the focus is', async () => {
    const { act, say } = api(server)
    for (const text of ['one', 'two']) {
      const { id } = await say(max, tea, text)
      await act(max, 'React', { conversation: tea, message: id, emoji: '👍' })
    }
    await message(page, 'two').getByRole('button', { name: /👍/ }).waitFor()
    const focused = () =>
      page.evaluate(() => document.activeElement?.closest('[data-message]')?.getAttribute('aria-label') ?? '')
    const tools = page.getByRole('toolbar', { name: 'Message actions' })
    await composer(page).focus()
    await page.keyboard.press('Shift+Tab')
    expect(await focused()).toMatch(/: two$/)
    await tools.waitFor()
    await page.keyboard.press('Shift+Tab')
    for (let i = 0; i < 3; i++) await page.keyboard.press('Shift+Tab')
    expect(await focused()).toMatch(/: two$/)
    await page.keyboard.press('Shift+Tab')
    expect(await focused()).toBe('')
    await tools.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Details', exact: true }).focus()
    await composer(page).focus()
    await page.keyboard.press('PageUp')
    await page.getByRole('button', { name: 'Jump to the latest' }).waitFor()
    await page.keyboard.press('PageDown')
    await page.getByRole('button', { name: 'Jump to the latest' }).waitFor({ state: 'detached' })
  })
})

describe('who wants it otherwise', () => {
  it('WB114 sees nothing move when he asked for less motion', async () => {
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await page.getByRole('button', { name: 'New conversation' }).click()
    const menu = page.getByRole('menu', { name: 'New conversation' })
    expect(await menu.evaluate((one) => getComputedStyle(one).animationDuration)).toBe('0s')
    const transitions = await page
      .locator('button:visible')
      .evaluateAll((all) => all.map((one) => getComputedStyle(one).transitionDuration))
    expect(new Set(transitions)).toEqual(new Set(['0s']))
    await page.keyboard.press('Escape')
    await page.emulateMedia({ reducedMotion: 'no-preference' })
  })

  it('WB116 copies words also where the browser gives no clipboard to the page', async () => {
    const other = await page.context().newPage()
    await other.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }))
    await other.goto('/')
    await openChat(other, 'at four')
    await actOn(other, 'What a list.', 'Copy text')
    await other.getByText('Copied.').waitFor()
    await composer(other).focus()
    await other.keyboard.press('Control+v')
    await expect.poll(() => composer(other).inputValue()).toBe('What a list.')
    await composer(other).fill('')
    await other.close()
  })

  it('WB87 sees no error in the console and breaks no rule of the content security policy', () => {
    expect(windows.complaints).toEqual([])
  })
})
