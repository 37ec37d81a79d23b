import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { api } from './e2e/api.ts'
import { composer, message, openChat, said, signIn } from './e2e/people.ts'
import { type Server, startServer } from './e2e/server.ts'
import { makeWindows, openBrowser } from './e2e/windows.ts'

let server: Server
let browser: Browser
let windows: ReturnType<typeof makeWindows>
let page: Page
let axe: string

beforeAll(async () => {
  ;[server, browser] = await Promise.all([startServer(), openBrowser()])
  windows = makeWindows(browser, server)
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  const { act, register, group, direct, say } = api(server)
  const ada = await register('ada', 'Ada Okafor')
  const bob = await register('bob', 'Bob Lind')
  const eva = await register('eva', 'Eva Moreau')
  await act(bob, 'RequestFriend', { user: ada.id })
  await act(ada, 'RequestFriend', { user: eva.id })
  await act(eva, 'AcceptFriend', { user: ada.id })
  await say(bob, await direct(ada, bob), 'Are you there?')
  const tea = await group(ada, 'Tea', [bob, eva])
  const first = await say(bob, tea, 'The kettle is on: https://example.org/tea')
  await say(ada, tea, 'On my way.', { replyTo: first.id })
  await act(eva, 'React', { conversation: tea, message: first.id, emoji: '👍' })
  await act(eva, 'Pin', { conversation: tea, message: first.id })
  const gone = await say(eva, tea, 'never mind')
  await act(eva, 'DeleteMessage', { conversation: tea, message: gone.id })
  page = await windows.open()
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

type Finding = { id: string; impact: string; nodes: { html: string }[] }

/** Injected past the page's own policy: it is the test that runs it, not the page. */
const findings = async (of: Page): Promise<string[]> => {
  const found = await of.evaluate(async (source) => {
    if (!('axe' in window)) new Function(source)()
    const { axe } = window as Window & typeof globalThis & { axe: { run: () => Promise<{ violations: Finding[] }> } }
    return (await axe.run()).violations
  }, axe)
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`)
}

describe('everybody', () => {
  it('WB98 finds nothing serious with axe before signing in', async () => {
    expect(await findings(page)).toEqual([])
    await page.getByRole('button', { name: 'Make an account' }).click()
    expect(await findings(page)).toEqual([])
    await page.getByRole('button', { name: 'Sign in' }).click()
    await signIn(page, 'ada')
  })

  it.each(['light', 'dark'] as const)('WB98 finds nothing serious with axe on any screen, %s', async (colorScheme) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await openChat(page, 'Tea')
    await page.getByRole('button', { name: 'Details', exact: true }).click()
    await message(page, 'The kettle is on').hover()
    expect(await findings(page)).toEqual([])
    await page.getByRole('button', { name: 'React' }).click()
    await page.getByRole('button', { name: 'React with 👍' }).waitFor()
    expect(await findings(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: /^People/ }).click()
    await page.getByRole('region', { name: 'Friends', exact: true }).waitFor()
    expect(await findings(page)).toEqual([])
    await page.getByRole('button', { name: 'Back to chats' }).first().click()
    await page.getByRole('button', { name: 'Settings' }).click()
    await page.getByText('Where you are signed in').waitFor()
    expect(await findings(page)).toEqual([])
    await page.getByRole('button', { name: 'Back to chats' }).first().click()
    await page.getByRole('button', { name: 'New conversation' }).click()
    await page.getByRole('menuitem', { name: 'Start a group' }).click()
    expect(await findings(page)).toEqual([])
    await page.getByRole('button', { name: 'Back to chats' }).first().click()
  })

  it('WB98 finds nothing serious on a phone, one pane at a time, with targets of 44 pixels', async () => {
    const phone = await windows.open({ viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true })
    await signIn(phone, 'ada')
    expect(await findings(phone)).toEqual([])
    await phone.getByRole('button', { name: 'Tea' }).tap()
    await message(phone, 'On my way.').waitFor()
    expect(await phone.getByRole('navigation', { name: 'Conversations' }).isVisible()).toBe(false)
    await message(phone, 'On my way.').tap()
    await phone.getByRole('toolbar', { name: 'Message actions' }).waitFor()
    expect(await findings(phone)).toEqual([])
    const small = await phone.locator('button:visible').evaluateAll((all) =>
      all
        .filter((one) => one.closest('ul[aria-label="Reactions"]') === null)
        .map((one) => ({ label: one.ariaLabel ?? one.textContent, height: one.getBoundingClientRect().height }))
        .filter(({ height }) => height < 44),
    )
    expect(small).toEqual([])
    expect(await phone.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
    await phone.getByRole('button', { name: 'Back to chats' }).tap()
    await phone.getByRole('navigation', { name: 'Conversations' }).waitFor()
    await phone.context().close()
  })

  it('WB97 finds, opens, writes, edits, answers and goes on with the keyboard alone', async () => {
    const keys = page.keyboard
    await keys.press('Control+k')
    await keys.type('bob')
    await page.getByRole('heading', { name: 'Chats' }).waitFor()
    await keys.press('ArrowDown')
    await keys.press('Enter')
    await composer(page).waitFor()
    await expect.poll(() => composer(page).evaluate((one) => one === document.activeElement)).toBe(true)
    await keys.type('by keys')
    await keys.press('Shift+Enter')
    await keys.type('alone')
    await keys.press('Enter')
    await message(page, 'by keys').waitFor()
    await keys.press('ArrowUp')
    await keys.press('End')
    await keys.type(', edited')
    await keys.press('Enter')
    await message(page, 'alone, edited, Edited').waitFor()

    await keys.press('Shift+F6')
    await keys.press('ArrowUp')
    await keys.press('ArrowUp')
    expect(await message(page, 'Are you there?').evaluate((one) => one === document.activeElement)).toBe(true)
    await keys.press('r')
    await page.getByText('Reply to Bob Lind').waitFor()
    await keys.press('Escape')
    expect(await page.getByText('Reply to Bob Lind').count()).toBe(0)

    await keys.press('Alt+ArrowDown')
    await page.getByRole('heading', { name: 'Tea' }).waitFor()
    await keys.press('Alt+ArrowUp')
    await page.getByRole('heading', { name: 'Bob Lind' }).waitFor()
  })

  it('WB99 does not send while an input method composes', async () => {
    // What was said before may still be on its way.
    await expect.poll(async () => (await said(page)).filter((each) => each.endsWith('Waiting to be sent'))).toEqual([])
    const before = await said(page)
    const client = await page.context().newCDPSession(page)
    await composer(page).focus()
    await client.send('Input.imeSetComposition', { text: 'かな', selectionStart: 2, selectionEnd: 2 })
    await composer(page).dispatchEvent('keydown', { key: 'Enter', keyCode: 229, isComposing: true })
    expect(await said(page)).toEqual(before)
    await client.send('Input.insertText', { text: '仮名' })
    await page.keyboard.press('Enter')
    await message(page, '仮名').waitFor()
  })

  it('WB87 sees no error in the console and breaks no rule of the content security policy', () => {
    expect(windows.complaints).toEqual([])
  })
})
