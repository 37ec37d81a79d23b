import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { Progress, Projected } from '../port.ts'
import type { Projector } from '../projector.ts'
import type { Voice } from '../voice.ts'
import { compactingLog } from './rebuild.examples.ts'
import { sideBySide } from './side-by-side.ts'

/** A model that took some events and stands where it is told; it notes what is done with it. */
const modelAt = (name: string, at: number, noted: string[], state: Progress['state'] = 'live') => {
  const streams = new Map<string, number>()
  let position = at
  const news = (): Progress => ({ projection: 'spoken', position, state, parked: 0 })
  const projector: Projector = {
    name: 'spoken',
    retry: async () => undefined,
    drop: async () => undefined,
    async still(work) {
      // Until here it was busy with something else.
      await setImmediate()
      noted.push(`${name} stands still`)
      const done = await work({
        position: () => position,
        async take(batch: readonly Projected[]) {
          for (const event of batch) {
            streams.set(event.stream, event.revision)
            position = event.position
          }
        },
      })
      noted.push(`${name} goes on`)
      return done
    },
    close: async () => void noted.push(`${name} is closed`),
  }
  const voice: Voice = {
    projector,
    position: () => position,
    tell: () => void noted.push(`${name} is heard`),
    hush: () => void noted.push(`${name} is not heard`),
    until: async () => news(),
  }
  return { voice, streams }
}

const pair = async (first: ReturnType<typeof modelAt>, second: ReturnType<typeof modelAt>, noted: string[]) => {
  const { methods, close } = sideBySide({
    serving: () => first.voice,
    replace: () => void noted.push('the second serves'),
    start: () => second.voice,
    onProgress: () => undefined,
  })
  await methods.beside('spoken', () => second.voice.projector)
  return { ...methods, close }
}

/** A mark that the first model took is replaced when both stand still already, before the moment is taken. */
const replacedMark = () => {
  const log = compactingLog()
  for (const text of ['one', 'two', 'three']) log.say(text)
  log.mark()
  log.say('five')
  const moment = () => {
    log.mark()
    return log.held()
  }
  return { log, moment }
}

it('PJ18 both models come to a moment that is taken when both stand still, with what a compacted event said.', async () => {
  const { moment } = replacedMark()
  const noted: string[] = []
  const [first, second] = [modelAt('first', 5, noted), modelAt('second', 3, noted)]
  const { still, goOn } = await pair(first, second, noted)
  const at = await still('spoken', () => {
    noted.push('the moment')
    return moment()
  })
  expect(at).toBe(6)
  expect(noted).toEqual(['second stands still', 'first stands still', 'the moment'])
  expect([...first.streams]).toEqual([...second.streams].filter(([stream]) => stream.startsWith('reading-')))
  expect(first.streams.size).toBe(1)
  goOn('spoken')
  await setImmediate()
  expect(noted.slice(3)).toEqual(['first goes on', 'second goes on'])
})

it('PJ18 the second is heard in the place of the first before either moves, and the first is closed after.', async () => {
  const { moment } = replacedMark()
  const noted: string[] = []
  const { still, takeOver, discard } = await pair(modelAt('first', 5, noted), modelAt('second', 3, noted), noted)
  await still('spoken', moment)
  await takeOver('spoken')
  await setImmediate()
  expect(noted.slice(2)).toEqual([
    'first is not heard',
    'second is heard',
    'the second serves',
    'first is closed',
    'first goes on',
    'second goes on',
  ])
  await discard('spoken')
  expect(noted).not.toContain('second is closed')
})

it('PJ18 nothing is taken over that does not stand still.', async () => {
  const noted: string[] = []
  const { takeOver, still } = await pair(modelAt('first', 5, noted), modelAt('second', 5, noted), noted)
  await expect(takeOver('spoken')).rejects.toThrow('spoken does not stand still')
  await expect(still('other', replacedMark().moment)).rejects.toThrow('no second model of other is there')
})

it('PJ17 a second model that cannot come as far is told with its reason, and closed.', async () => {
  const noted: string[] = []
  const stopped = modelAt('second', 3, noted, 'stopped')
  await expect(pair(modelAt('first', 5, noted), stopped, noted)).rejects.toThrow(
    'the new model of spoken stands still: stopped',
  )
  expect(noted).toEqual(['second is closed'])
})

it('PJ17 there is one second model at a time, and closing lets go of what stands still.', async () => {
  const noted: string[] = []
  const two = await pair(modelAt('first', 5, noted), modelAt('second', 5, noted), noted)
  await expect(two.beside('spoken', () => modelAt('third', 0, noted).voice.projector)).rejects.toThrow('already')
  await two.still('spoken', replacedMark().moment)
  await two.close()
  await setImmediate()
  expect(noted.slice(2).toSorted()).toEqual(['first goes on', 'second goes on', 'second is closed'])
})
