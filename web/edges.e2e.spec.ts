import type { ConversationId } from '@verbatim/protocol'
import { limits } from '@verbatim/protocol/limits'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Account, api } from './e2e/api.ts'
import { composer, message, openChat, signIn, signUp, write } from './e2e/people.ts'
import { type Server, startServer } from './e2e/server.ts'
import { makeWindows, openBrowser } from './e2e/windows.ts'

const LONG_NAME = 'Maximiliana Wolfeschlegelsteinhausenbergerdorff von und zu Tal'
const LONG_WORD = 'w'.repeat(300)
const LINES = Array.from({ length: 400 }, (_, i) => `line ${i}`).join('\n')
let server: Server
let browser: Browser
let windows: ReturnType<typeof makeWindows>
let page: Page
let max: Account
let tea: ConversationId

beforeAll(async () => {
  ;[server, browser] = await Promise.all([startServer(), openBrowser()])
  windows = makeWindows(browser, server)
  const { act, register, group, direct, say } = api(server)
  const ada = await register('ada', 'Ada Okafor')
  max = await register('max_with_a_handle_of_32_letters_', LONG_NAME)
  await act(max, 'RequestFriend', { user: ada.id })
  tea = await group(ada, `${LONG_NAME.slice(0, 50)} at four`, [max])
  await say(max, tea, `${LONG_WORD} https://example.org/${'a'.repeat(200)}`)
  await say(max, tea, LINES)
  await say(ada, tea, 'What a list.')
  await say(max, await direct(max, ada), 'Is this your handle?')
  page = await windows.open()
  await signIn(page, 'ada')
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

const fromEnd = (of: Page): Promise<number> =>
  of.locator('[data-scroller]').evaluate((one) => one.scrollHeight - one.clientHeight - one.scrollTop)

/** What is drawn beyond the left or the right edge of the window. */
const beyond = (of: Page): Promise<string[]> =>
  of.evaluate(() =>
    [...document.querySelectorAll('#app *')].flatMap((one) => {
      const { left, right, width } = one.getBoundingClientRect()
      return width > 0 && (left < -1 || right > innerWidth + 1) ? [one.outerHTML.slice(0, 120)] : []
    }),
  )

describe('what is long', () => {
  it('WB101 is folded, and opens where it is', async () => {
    await openChat(page, 'at four')
    const long = message(page, 'line 399')
    await long.getByRole('button', { name: 'Show all' }).waitFor()
    expect(await fromEnd(page)).toBe(0)
    const top = await long.evaluate((one) => one.getBoundingClientRect().top)
    await long.getByRole('button', { name: 'Show all' }).click()
    await long.getByText('line 398').waitFor()
    await page.getByRole('button', { name: 'Jump to the latest' }).waitFor()
    expect(Math.abs((await long.evaluate((one) => one.getBoundingClientRect().top)) - top)).toBeLessThan(2)
  })

  it('WB105 keeps what can be done with it on the screen', async () => {
    await message(page, 'line 399').evaluate((one) => one.scrollIntoView({ block: 'end' }))
    await message(page, 'line 399').focus()
    const tools = page.getByRole('toolbar', { name: 'Message actions' })
    await tools.waitFor()
    const at = await tools.boundingBox()
    expect(at?.y).toBeGreaterThan(60)
    expect(at?.y).toBeLessThan(700)
    await page.getByRole('button', { name: 'Jump to the latest' }).click()
  })

  it('WB100 is kept whole while it is written, and sent only when it fits', async () => {
    const long = '😀'.repeat(limits.textCodePoints)
    await composer(page).fill(`${long}!!`)
    await page.getByText('2 characters too many.').waitFor()
    expect(await composer(page).inputValue()).toBe(`${long}!!`)
    await composer(page).press('Enter')
    expect(await page.getByRole('button', { name: 'Send' }).isDisabled()).toBe(true)
    expect(await composer(page).inputValue()).toBe(`${long}!!`)
    await composer(page).fill(`${long.slice(2)}!`)
    await page.getByText('0 characters left').waitFor()
    await composer(page).press('Enter')
    await message(page, '😀!, Sent').waitFor()
  })

  it('WB103 does not move what one reads while one writes it', async () => {
    await composer(page).fill('one\ntwo\nthree\nfour\nfive')
    for (const letter of ' six') {
      await composer(page).press(letter)
      expect(await fromEnd(page)).toBe(0)
    }
    expect(await page.getByRole('button', { name: 'Jump to the latest' }).count()).toBe(0)
    await composer(page).fill('')
  })

  it.each([320, 390, 720, 1_080, 2_560])('WB104 stays in a window of %d pixels', async (width) => {
    const other = await windows.open({ viewport: { width, height: 720 } })
    expect(await beyond(other)).toEqual([])
    await signIn(other, 'ada')
    await other.getByRole('button', { name: /at four/ }).waitFor()
    expect(await beyond(other)).toEqual([])
    await openChat(other, 'at four')
    await message(other, LONG_WORD).waitFor()
    expect(await beyond(other)).toEqual([])
    await other.getByRole('button', { name: 'Details', exact: true }).click()
    await other.getByRole('button', { name: `More about ${LONG_NAME}` }).waitFor()
    expect(await beyond(other)).toEqual([])
    await other.goto('/#panel=people')
    await other.getByRole('button', { name: `Decline ${LONG_NAME}` }).waitFor()
    expect(await beyond(other)).toEqual([])
    await other.goto('/#panel=group')
    await other.getByLabel('People for the group').fill('Maxi')
    await other.getByRole('button', { name: `Add ${LONG_NAME}` }).click()
    await other.getByRole('button', { name: `Take ${LONG_NAME} out` }).waitFor()
    expect(await other.getByLabel('People for the group').inputValue()).toBe('')
    expect(await beyond(other)).toEqual([])
    await other.context().close()
  })
})

describe('the end of a conversation', () => {
  it('WB112 is followed whatever comes, and left alone where one reads above it', async () => {
    const { act, say } = api(server)
    await openChat(page, 'at four')
    await page.locator('[data-scroller]').evaluate((one) => one.scrollTo({ top: one.scrollHeight }))
    const stays = () => expect.poll(() => fromEnd(page)).toBe(0)
    const { id } = await say(max, tea, 'It is long: '.repeat(60))
    await message(page, 'It is long').waitFor()
    await stays()
    await act(max, 'EditMessage', { conversation: tea, message: id, body: { text: 'longer still\n'.repeat(12) } })
    await message(page, 'longer still').waitFor()
    await stays()
    await act(max, 'React', { conversation: tea, message: id, emoji: '👍' })
    await page.getByRole('list', { name: 'Reactions' }).waitFor()
    await stays()
    expect(await page.getByRole('button', { name: /^Jump to the latest/ }).count()).toBe(0)
    await page.locator('[data-scroller]').evaluate((one) => one.scrollTo({ top: 0 }))
    await page.getByRole('button', { name: 'Jump to the latest' }).waitFor()
    await say(max, tea, 'not seen yet')
    await page.getByRole('button', { name: 'Jump to the latest, 1 new' }).click()
    await stays()
  })

  it('WB113 holds what one writes before the conversation could be loaded, and the list says that one is offline', async () => {
    const other = await windows.open({ viewport: { width: 390, height: 720 } })
    await signIn(other, 'ada')
    await other.getByRole('button', { name: /at four/ }).waitFor()
    await other.context().setOffline(true)
    await other.getByText('You are offline.').waitFor()
    await openChat(other, 'at four')
    await write(other, 'before anything is there')
    await message(other, 'before anything is there, Waiting to be sent').waitFor()
    await other.context().setOffline(false)
    await message(other, 'before anything is there, Sent').waitFor()
    await message(other, 'not seen yet').waitFor()
    await other.context().close()
  })
})

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
    expect(await fromEnd(page)).toBe(0)
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
})

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

  it('WB87 sees no error in the console and breaks no rule of the content security policy', () => {
    expect(windows.complaints).toEqual([])
  })
})
