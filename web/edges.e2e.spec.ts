import { limits } from '@verbatim/protocol/limits'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { api } from './e2e/api.ts'
import { LONG_NAME, LONG_WORD, type LongCast, longCast } from './e2e/long-cast.ts'
import { composer, message, openChat, signIn, write } from './e2e/people.ts'
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
    await expect.poll(() => fromEnd(page)).toBe(0)
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
      await expect.poll(() => fromEnd(page)).toBe(0)
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

  it('WB87 sees no error in the console and breaks no rule of the content security policy', () => {
    expect(windows.complaints).toEqual([])
  })
})
