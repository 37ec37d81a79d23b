import type { Locator, Page } from 'playwright-core'

export const password = 'correct horse battery staple'

export const signUp = async (page: Page, handle: string, name: string): Promise<void> => {
  await page.getByRole('button', { name: 'Make an account' }).click()
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('Handle').fill(handle)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Make account' }).click()
  await page.getByRole('heading', { name: 'Verbatim' }).waitFor()
}

export const signIn = async (page: Page, handle: string): Promise<void> => {
  await page.getByLabel('Handle').fill(handle)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Verbatim' }).waitFor()
}

export const openChat = async (page: Page, title: string): Promise<void> => {
  await page.getByRole('list', { name: 'Chats' }).getByRole('button', { name: title }).click()
  await composer(page).waitFor()
}

export const composer = (page: Page): Locator => page.getByRole('textbox', { name: /^Write to/ })

export const write = async (page: Page, text: string): Promise<void> => {
  await composer(page).fill(text)
  await composer(page).press('Enter')
}

/** The message that says this, whoever said it. */
export const message = (page: Page, text: string): Locator => page.getByRole('article', { name: text })

export const said = (page: Page): Promise<string[]> =>
  page.getByRole('article').evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? ''))

/** An act behind the three dots of a message. */
export const actOn = async (page: Page, text: string, act: string): Promise<void> => {
  await message(page, text).hover()
  await message(page, text).getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: act }).click()
}
