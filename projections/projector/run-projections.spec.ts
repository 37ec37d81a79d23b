import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { Progress } from './port.ts'
import { freshFile, handLog, said, saidStore } from './projector.examples.ts'
import { model, runProjections } from './run-projections.ts'

const several = (log: ReturnType<typeof handLog>['log'], names: readonly string[], refused = '') => {
  const last = new Map<string, Progress>()
  const run = runProjections({
    log,
    models: names.map((name) =>
      model(
        said((text) => {
          if (text === refused && name === 'a') throw new Error(refused)
        }, name),
        saidStore(freshFile()),
      ),
    ),
    onProgress: (progress) => last.set(progress.projection, progress),
    pause: () => setImmediate(),
  })
  const until = async (is: (progress: Progress) => boolean): Promise<void> => {
    for (let turns = 0; turns < 2_000; turns++) {
      if (names.every((name) => last.get(name) !== undefined) && [...last.values()].every(is)) return
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    throw new Error(JSON.stringify([...last.values()]))
  }
  return { run, last, until }
}

it('PJ13 projections at the same place share one reading.', async () => {
  const { log, say, readings } = handLog()
  for (let n = 1; n <= 5_000; n++) say(`${n}`)
  const { run, until } = several(log, ['a', 'b', 'c'])
  await until(({ position, state }) => position === 5_000 && state === 'live')
  await run.close()
  // Five full batches and the empty one behind them, which all three may ask for.
  expect(readings()).toBeLessThanOrEqual(8)
})

it('PJ13 a projection that fails at an event holds up no other.', async () => {
  const { log, say } = handLog()
  say('one')
  say('bad')
  const { run, last, until } = several(log, ['a', 'b'], 'bad')
  await until(({ position }) => position === 2)
  expect(last.get('a')).toMatchObject({ parked: 1 })
  expect(last.get('b')).toMatchObject({ parked: 0 })
  await run.close()
})

it('PJ13 an unknown projection cannot be retried.', async () => {
  const { log, say } = handLog()
  const { stream } = say('one')
  const { run } = several(log, ['a'])
  await expect(run.retry('z', stream)).rejects.toThrow('no projection z')
  await run.close()
})
