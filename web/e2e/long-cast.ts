import { api } from './api.ts'
import { signIn } from './people.ts'
import { startServer } from './server.ts'
import { makeWindows, openBrowser } from './windows.ts'

export const LONG_NAME = 'Maximiliana Wolfeschlegelsteinhausenbergerdorff von und zu Tal'
export const LONG_WORD = 'w'.repeat(300)
const LINES = Array.from({ length: 400 }, (_, i) => `line ${i}`).join('\n')
export type LongCast = Awaited<ReturnType<typeof longCast>>

/** Ada at her window, and Max, whose name, words and messages are as long as they may be. */
export const longCast = async () => {
  const [server, browser] = await Promise.all([startServer(), openBrowser()])
  const windows = makeWindows(browser, server)
  const { act, register, group, direct, say } = api(server)
  const ada = await register('ada', 'Ada Okafor')
  const max = await register('max_with_a_handle_of_32_letters_', LONG_NAME)
  await act(max, 'RequestFriend', { user: ada.id })
  const tea = await group(ada, `${LONG_NAME.slice(0, 50)} at four`, [max])
  await say(max, tea, `${LONG_WORD} https://example.org/${'a'.repeat(200)}`)
  await say(max, tea, LINES)
  await say(ada, tea, 'What a list.')
  await say(max, await direct(max, ada), 'Is this your handle?')
  const page = await windows.open()
  await signIn(page, 'ada')
  const close = async (): Promise<void> => {
    await browser.close()
    await server.stop()
  }
  return { server, windows, max, tea, page, close }
}
