import { expect, it, vi } from 'vitest'
import { describeEventLog } from '../event-log.contract.ts'
import { eventAt, eventsAt, listenTo, streamAt } from '../event-log.examples.ts'
import { NO_STREAM } from '../port.ts'
import { memoryEventLog } from './memory.ts'

let seed = 0
describeEventLog('memory', async () => memoryEventLog({ seed: ++seed }))

it('EL19 repeats deliveries and lags behind the answers, the same way for the same seed', async () => {
  const course = async () => {
    const log = memoryEventLog({ seed: 7 })
    const heard = listenTo(log, 0)
    let lagged = false
    for (let n = 0; n < 20; n++) {
      await log.append(streamAt(1), n - 1, eventsAt(n))
      lagged ||= heard.once().length < n + 1
    }
    await vi.waitFor(() => expect(heard.once()).toHaveLength(20))
    expect(lagged).toBe(true)
    expect(heard.delivered.length).toBeGreaterThan(20)
    return heard.delivered.map(({ position }) => position)
  }
  expect(await course()).toEqual(await course())
})

it('EL19 writes when its disk says so, and not when that fails', async () => {
  const answers: ((failed?: Error) => void)[] = []
  const disk = () =>
    new Promise<void>((resolve, reject) => answers.push((failed) => (failed ? reject(failed) : resolve())))
  const log = memoryEventLog({ disk })
  const appended = log.append(streamAt(1), NO_STREAM, eventsAt(1))
  expect(await log.head()).toBe(0)
  answers.shift()?.()
  expect(await appended).toMatchObject({ kind: 'appended' })
  const lost = log.append(streamAt(1), 0, eventsAt(2))
  answers.shift()?.(new Error('no disk'))
  await expect(lost).rejects.toThrow('no disk')
  expect(await log.read(streamAt(1), 0, 10)).toHaveLength(1)
})

it('EL16 refuses what this version does not know, here too', async () => {
  const log = memoryEventLog()
  await log.append(streamAt(1), NO_STREAM, [eventAt(1, { schema: 99 })])
  await expect(log.readAll(0, 1)).rejects.toMatchObject({ name: 'UpgradeNeeded', position: 1, schema: 99 })
})
