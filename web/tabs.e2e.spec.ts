import type { ConversationId } from '@verbatim/protocol'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Account, api } from './e2e/api.ts'
import { composer, message, openChat, said, signIn, write } from './e2e/people.ts'
import { type Server, startServer } from './e2e/server.ts'
import { makeWindows, openBrowser } from './e2e/windows.ts'

let server: Server
let browser: Browser
let windows: ReturnType<typeof makeWindows>
let one: Page
let other: Page
let bob: Account
let chat: ConversationId

beforeAll(async () => {
  ;[server, browser] = await Promise.all([startServer(), openBrowser()])
  windows = makeWindows(browser, server)
  const { register, direct, say } = api(server)
  const ada = await register('ada', 'Ada Okafor')
  bob = await register('bob', 'Bob Lind')
  chat = await direct(bob, ada)
  await say(bob, chat, 'hello')
  one = await windows.open()
  await signIn(one, 'ada')
  other = await windows.tab(one)
  await openChat(one, 'Bob Lind')
  await openChat(other, 'Bob Lind')
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

describe('two tabs of one person', () => {
  it('WB96 send what both wrote offline once and in the order of writing', async () => {
    await one.context().setOffline(true)
    await one.getByText('You are offline.').waitFor()
    for (let i = 0; i < 4; i++) {
      await write(i % 2 === 0 ? one : other, `line ${i}`)
      await message(i % 2 === 0 ? other : one, `line ${i}, Waiting to be sent`).waitFor()
    }
    await one.context().setOffline(false)
    await message(one, 'line 3, Sent').waitFor()
    await message(other, 'line 3, Sent').waitFor()
    for (const tab of [one, other])
      expect((await said(tab)).map((label) => /line \d/.exec(label)?.[0]).filter(Boolean)).toEqual([
        'line 0',
        'line 1',
        'line 2',
        'line 3',
      ])
  })

  it('WB96 share the draft and what is read', async () => {
    await composer(one).fill('half a thought')
    await expect.poll(() => composer(other).inputValue()).toBe('half a thought')
    await other.goto('/#')
    await other.getByRole('button', { name: 'Bob Lind' }).getByText('Draft: half a thought').waitFor()
    await composer(one).fill('')
    await api(server).say(bob, chat, 'one more')
    await message(one, 'one more').waitFor()
    await expect.poll(() => other.getByText('unread').count(), { timeout: 8_000 }).toBe(0)
    await expect.poll(() => other.title()).toBe('Verbatim')
  })

  it('WB96 stay signed in when both start at once', async () => {
    await Promise.all([one.reload(), other.reload()])
    for (const tab of [one, other]) await tab.getByRole('heading', { name: 'Verbatim' }).waitFor()
    expect(windows.complaints).toEqual([])
  })
})
