import { expect, it } from 'vitest'
import { type Opened, replaceable } from './replaceable.ts'

type Reader = { who(): Promise<string>; slow(): Promise<string>; fail(): Promise<never> }
const reader = (name: string, noted: string[]) => {
  let answer = (): void => {}
  const opened: Opened<Reader> = {
    methods: {
      who: async () => name,
      slow: () =>
        new Promise((resolve) => {
          answer = () => resolve(name)
        }),
      fail: async () => {
        throw new RangeError(`${name} cannot`)
      },
    },
    close: () => void noted.push(`${name} is closed`),
  }
  return { opened, answer: () => answer() }
}

it('OP93 later calls ask the next reader, and the one before is closed when its last answer is given', async () => {
  const noted: string[] = []
  const [old, fresh] = [reader('old', noted), reader('new', noted)]
  const { methods, prepare, turn } = replaceable(old.opened)
  const under = methods.slow()
  prepare(fresh.opened)
  expect(await methods.who()).toBe('old')
  turn()
  expect(await methods.who()).toBe('new')
  expect(noted).toEqual([])
  old.answer()
  expect(await under).toBe('old')
  expect(noted).toEqual(['old is closed'])
})

it('OP93 a reader that nobody asks is closed at once, also after a call that failed', async () => {
  const noted: string[] = []
  const { methods, prepare, turn } = replaceable(reader('old', noted).opened)
  await expect(methods.fail()).rejects.toThrow('old cannot')
  prepare(reader('new', noted).opened)
  turn()
  expect(noted).toEqual(['old is closed'])
})

it('OP93 what was prepared and got no turn is closed, and without it there is no turn', async () => {
  const noted: string[] = []
  const { methods, prepare, turn, discard } = replaceable(reader('old', noted).opened)
  prepare(reader('first', noted).opened)
  prepare(reader('second', noted).opened)
  discard()
  discard()
  expect(noted).toEqual(['first is closed', 'second is closed'])
  expect(turn).toThrow('nothing was prepared')
  expect(await methods.who()).toBe('old')
})
