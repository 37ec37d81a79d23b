import type { ConversationId } from '@verbatim/protocol'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Account, api } from './e2e/api.ts'
import { message, openChat, signIn } from './e2e/people.ts'
import { fromEnd, startWatching, stopWatching } from './e2e/scrolling.ts'
import { type Server, startServer } from './e2e/server.ts'
import { makeWindows, openBrowser } from './e2e/windows.ts'

const MESSAGES = 260
let server: Server
let browser: Browser
let windows: ReturnType<typeof makeWindows>
let page: Page
let bob: Account
let tea: ConversationId
const ids: string[] = []

/** From one line to a dozen of them, the same in every run. */
const text = (i: number): string => `message ${i} ${'and so on, word for word, '.repeat((i * 7) % 13)}`

beforeAll(async () => {
  ;[server, browser] = await Promise.all([startServer(), openBrowser()])
  windows = makeWindows(browser, server)
  const { register, group, say } = api(server)
  const ada = await register('ada', 'Ada Okafor')
  bob = await register('bob', 'Bob Lind')
  tea = await group(ada, 'Tea', [bob])
  for (let i = 0; i < MESSAGES; i++) ids.push((await say(i % 5 < 3 ? bob : ada, tea, text(i))).id)
  page = await windows.open()
  await signIn(page, 'ada')
  await openChat(page, 'Tea')
  await message(page, `message ${MESSAGES - 1} `).waitFor()
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

const wheel = async (by: number, ticks: number): Promise<void> => {
  const box = await page.locator('[data-scroller]').boundingBox()
  if (!box) throw new Error('there is no scroller')
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  for (let i = 0; i < ticks; i++) {
    await page.mouse.wheel(0, by)
    await page.waitForTimeout(25)
  }
  await page.waitForTimeout(250)
}
const loaded = () => page.getByRole('article').count()

describe('reading back', () => {
  it('WB90 grows upward page by page while one scrolls, and nothing on the screen jumps', async () => {
    const before = await loaded()
    await startWatching(page)
    await wheel(-120, 90)
    const { frames, backward, lost, way } = await stopWatching(page)
    expect(await loaded()).toBeGreaterThan(before + 20)
    expect(frames).toBeGreaterThan(100)
    expect({ backward, lost }).toEqual({ backward: 0, lost: 0 })
    // As far as the wheel went and no further: a page that pushed what one reads would add its height.
    expect(way).toBeGreaterThan(90 * 120 * 0.8)
    expect(way).toBeLessThanOrEqual(90 * 120 + 2)
  })

  it('WB91 leaves the reader where he is when somebody writes, edits, reacts or deletes', async () => {
    const { act, say } = api(server)
    await startWatching(page)
    await say(bob, tea, 'a new one')
    await act(bob, 'EditMessage', { conversation: tea, message: ids[250], body: { text: text(12).repeat(2) } })
    await act(bob, 'DeleteMessage', { conversation: tea, message: ids[256] })
    await act(bob, 'React', { conversation: tea, message: ids[255], emoji: '👍' })
    await page.getByRole('button', { name: 'Jump to the latest, 1 new' }).waitFor()
    await page.waitForTimeout(200)
    const { moved, lost } = await stopWatching(page)
    expect({ moved, lost }).toEqual({ moved: 0, lost: 0 })
  })

  it('WB92 keeps the nodes of the messages when older ones come before them', async () => {
    const kept = await page.evaluateHandle(() => document.querySelector('[data-message]'))
    const before = await loaded()
    await wheel(-120, 30)
    expect(await loaded()).toBeGreaterThan(before)
    expect(await kept.evaluate((node) => node?.isConnected)).toBe(true)
  })

  it('WB93 reaches the beginning, and one press goes back to the end', async () => {
    await expect
      .poll(
        async () => {
          await wheel(-1_200, 10)
          return message(page, 'message 0 ').count()
        },
        { timeout: 60_000 },
      )
      .toBe(1)
    expect(await loaded()).toBe(MESSAGES + 1)
    const order = await page.getByRole('article').evaluateAll((all) => all.map((one) => one.dataset.message))
    expect(order.slice(0, MESSAGES)).toEqual(ids)
    await page.getByRole('button', { name: /^Jump to the latest/ }).click()
    await expect.poll(() => fromEnd(page)).toBe(0)
    await message(page, 'a new one').waitFor()
  })

  it('WB94 jumps from a quote to an original that is not loaded, and back to the end', async () => {
    await api(server).say(bob, tea, 'remember this?', { replyTo: ids[20] })
    await page.reload()
    await message(page, 'remember this?').waitFor()
    expect(await message(page, 'message 20 ').count()).toBe(0)
    await page.getByRole('button', { name: /In reply to.*message 20 / }).click()
    await message(page, 'message 20 ').waitFor()
    await expect
      .poll(() =>
        message(page, 'message 20 ').evaluate((one) => {
          const { top, bottom } = one.getBoundingClientRect()
          return top > 0 && bottom < innerHeight
        }),
      )
      .toBe(true)
    await page.getByRole('button', { name: /^Jump to the latest/ }).click()
    await message(page, 'remember this?').waitFor()
  })

  it('WB95 begins at the first unread message and tells the server only what stood on the screen', async () => {
    const { say } = api(server)
    await page.getByRole('button', { name: 'Settings' }).click()
    await page.goto('/#')
    await page.reload()
    await page.getByRole('button', { name: /Tea/ }).waitFor()
    for (let i = 0; i < 40; i++) await say(bob, tea, `unread ${i} ${'on and on '.repeat(20)}`)
    await page.getByRole('button', { name: /Tea.*40 unread/ }).click()
    await page.getByText('New messages').waitFor()
    expect(await page.getByText('New messages').evaluate((one) => one.getBoundingClientRect().top)).toBeGreaterThan(60)
    await page.waitForTimeout(2_500)
    await page.goto('/#')
    const left = await page
      .getByRole('button', { name: /Tea.*unread/ })
      .getAttribute('aria-label')
      .catch(() => null)
    expect(left).toBeNull()
    const words = await page.getByRole('button', { name: /Tea/ }).textContent()
    const unread = Number(/(\d+)\s*unread/.exec(words ?? '')?.[1])
    expect(unread).toBeGreaterThan(20)
    expect(unread).toBeLessThan(40)
  })

  it('WB87 sees no error in the console and breaks no rule of the content security policy', () => {
    expect(windows.complaints).toEqual([])
  })
})
