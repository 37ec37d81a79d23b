import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { actOn, composer, message, openChat, said, signIn, signUp, write } from './e2e/people.ts'
import { type Server, startServer } from './e2e/server.ts'
import { makeWindows, openBrowser } from './e2e/windows.ts'

let server: Server
let browser: Browser
let windows: ReturnType<typeof makeWindows>
let ada: Page
let bob: Page

beforeAll(async () => {
  ;[server, browser] = await Promise.all([startServer(), openBrowser()])
  windows = makeWindows(browser, server)
  ;[ada, bob] = await Promise.all([windows.open(), windows.open()])
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

/** One after the other: each goes on where the one before ended. */
describe('two people in two browsers', () => {
  it('WB80 sign up, ask and accept, and write to each other', async () => {
    await Promise.all([signUp(ada, 'ada', 'Ada Okafor'), signUp(bob, 'bob', 'Bob Lind')])
    await ada.getByRole('searchbox', { name: 'Search people and chats' }).fill('bob')
    await ada.getByRole('button', { name: 'Add Bob Lind as a friend' }).click()
    await bob.getByRole('button', { name: 'People, 1 request' }).click()
    await bob.getByRole('button', { name: 'Accept Ada Okafor' }).click()
    await bob.getByRole('region', { name: 'Friends' }).getByRole('button', { name: 'Write to Ada Okafor' }).click()
    await write(bob, 'Is this kept?')
    await ada.getByRole('button', { name: 'Write to Bob Lind' }).click()
    await message(ada, 'Is this kept?').waitFor()
    await write(ada, 'Word for word.')
    await message(bob, 'Word for word.').waitFor()
    await message(ada, 'Word for word., Read').waitFor()
    expect(await said(bob)).toEqual([
      expect.stringMatching(/^You, .*: Is this kept\?, Read$/),
      expect.stringMatching(/^Ada Okafor, .*: Word for word\.$/),
    ])
  })

  it('WB81 edit, answer, react, delete and take it back', async () => {
    await composer(ada).press('ArrowUp')
    await composer(ada).fill('Word for word, exactly once.')
    await composer(ada).press('Enter')
    await message(bob, 'exactly once., Edited').waitFor()

    await message(bob, 'exactly once').hover()
    await message(bob, 'exactly once').getByRole('button', { name: 'React' }).click()
    await bob.getByRole('button', { name: 'React with ❤️' }).click()
    await ada.getByRole('button', { name: /❤️ *1 *by Bob Lind/ }).waitFor()

    await message(bob, 'exactly once').getByRole('button', { name: 'Reply' }).click()
    await write(bob, 'In order, too.')
    await ada.getByRole('button', { name: /In reply to.*Word for word, exactly once/ }).waitFor()

    await actOn(bob, 'In order, too.', 'Delete for everyone')
    await message(ada, 'Deleted message').waitFor()
    expect(await ada.getByText('In order, too.').count()).toBe(0)
    await bob.getByRole('button', { name: 'Undo' }).click()
    await message(ada, 'In order, too.').waitFor()
  })

  it('WB82 start a group, which follows its members, its name and who leaves', async () => {
    await ada.getByRole('button', { name: 'New conversation' }).click()
    await ada.getByRole('menuitem', { name: 'Start a group' }).click()
    await ada.getByLabel('Name of the group').fill('Tea')
    await ada.getByRole('button', { name: 'Add Bob Lind' }).click()
    await ada.getByRole('button', { name: 'Start the group' }).click()
    await ada.getByRole('heading', { name: 'Tea' }).waitFor()
    await write(ada, 'The kettle is on.')
    await openChat(bob, 'Tea')
    await message(bob, 'The kettle is on.').waitFor()
    await ada.getByRole('button', { name: 'Details', exact: true }).click()
    await ada.getByLabel('Name of the group').fill('Tea at four')
    await ada.getByLabel('Name of the group').press('Enter')
    await bob.getByRole('heading', { name: 'Tea at four' }).waitFor()
    await ada.getByRole('button', { name: 'More about Bob Lind' }).click()
    await ada.getByRole('menuitem', { name: 'Remove from the group' }).click()
    await bob.getByText('You are no longer in “Tea at four”.').waitFor()
    await bob.getByRole('button', { name: 'Back to chats' }).click()
    expect(await bob.getByRole('button', { name: 'Tea at four' }).count()).toBe(0)
  })

  it('WB83 go offline, write, close the tab and come back: all of it arrives, once and in order', async () => {
    await openChat(ada, 'Bob Lind')
    await openChat(bob, 'Ada Okafor')
    await ada.context().setOffline(true)
    await ada.getByText('You are offline.').waitFor()
    for (const text of ['kept one', 'kept two', 'kept three']) await write(ada, text)
    await message(ada, 'kept three, Waiting to be sent').waitFor()
    await write(bob, 'said meanwhile')

    await ada.close()
    const context = ada.context()
    await context.setOffline(false)
    ada = await context.newPage()
    await ada.goto(server.url)
    await openChat(ada, 'Bob Lind')
    await message(bob, 'kept three').waitFor()
    const words = (await said(bob)).slice(-4).map((label) => label.replace(/^.*?\d: |, (Sent|Read)$/g, ''))
    expect(words).toEqual(['said meanwhile', 'kept one', 'kept two', 'kept three'])
    await message(ada, 'kept three, Read').waitFor()
    expect(await message(ada, 'kept one').count()).toBe(1)
  })

  it('WB84 lose the server in the middle and go on where they were when it is back', async () => {
    await server.kill()
    await ada.getByText('Connecting…').waitFor()
    await write(ada, 'into the dark')
    await write(bob, 'is anybody there?')
    await server.again()
    await message(bob, 'into the dark').waitFor({ timeout: 30_000 })
    await message(ada, 'is anybody there?').waitFor({ timeout: 30_000 })
    expect(await message(bob, 'into the dark').count()).toBe(1)
  })

  it('WB85 are told why a message was not sent, and decide what becomes of it', async () => {
    await bob.getByRole('button', { name: 'Details', exact: true }).click()
    await bob.getByRole('button', { name: 'Block', exact: true }).click()
    await bob.getByText('You have blocked Ada Okafor.').waitFor()
    await write(ada, 'let me in')
    await ada.getByText('Not sent. One of you has blocked the other.').waitFor()
    await bob.getByRole('complementary', { name: 'Details' }).getByRole('button', { name: 'Unblock' }).click()
    await ada.getByRole('button', { name: 'Retry' }).click()
    await message(bob, 'let me in').waitFor()
  })

  it('WB64 find whom they have blocked in another browser, and lift it there', async () => {
    await bob.getByRole('button', { name: 'Block', exact: true }).click()
    await bob.getByText('You have blocked Ada Okafor.').waitFor()
    const elsewhere = await windows.open()
    await signIn(elsewhere, 'bob')
    await elsewhere.getByRole('button', { name: 'People', exact: true }).click()
    const blocked = elsewhere.getByRole('region', { name: 'Blocked' })
    await blocked.getByText('Ada Okafor').waitFor()
    await blocked.getByRole('button', { name: /Unblock/ }).click()
    await bob.getByRole('button', { name: 'Block', exact: true }).waitFor()
    await blocked.waitFor({ state: 'detached' })
  })

  it('WB86 sign out: the page holds nothing more, and the session is over', async () => {
    await bob.getByRole('button', { name: 'Settings' }).click()
    await bob.getByRole('button', { name: 'Sign out', exact: true }).click()
    await bob.getByRole('heading', { name: 'Welcome back' }).waitFor()
    await bob.reload()
    await bob.getByRole('heading', { name: 'Welcome back' }).waitFor()
    expect(await bob.evaluate(() => Object.keys(localStorage).join())).not.toContain('draft')
  })

  it('WB87 see no error in the console and break no rule of the content security policy', () => {
    expect(windows.complaints).toEqual([])
  })
})
