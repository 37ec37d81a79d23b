import type { Progress } from '@verbatim/projections/projector'
import { describe, expect, it, vi } from 'vitest'
import { readModels } from './read-models.ts'

const at = (projection: string, position: number): Progress => ({ projection, position, state: 'live', parked: 0 })

describe('How far the read models are', () => {
  it('OP34 a position that all have reached is there at once', async () => {
    const models = readModels()
    models.heard(at('timelines', 7))
    models.heard(at('people', 9))
    expect(await models.reached(['timelines', 'people'], 7, 0)).toBe(true)
  })

  it('OP34 a position is waited for until the last of them comes', async () => {
    const models = readModels()
    models.heard(at('timelines', 7))
    const reached = models.reached(['timelines', 'people'], 7, 1_000)
    models.heard(at('people', 6))
    models.heard(at('people', 7))
    expect(await reached).toBe(true)
  })

  it('OP34 a position is waited for by the clock that is given', async () => {
    const late: (() => void)[] = []
    const models = readModels(undefined, (milliseconds, run) => {
      if (milliseconds === 2_000) late.push(run)
      return () => undefined
    })
    const reached = models.reached(['timelines'], 7, 2_000)
    late.shift()?.()
    expect(await reached).toBe(false)
  })

  it('OP34 tells for which position somebody waits, and not for one that is there', async () => {
    const wanted: number[] = []
    const models = readModels((position) => wanted.push(position))
    models.heard(at('timelines', 7))
    await models.reached(['timelines'], 7, 0)
    expect(wanted).toEqual([])
    await models.reached(['timelines'], 8, 0)
    expect(wanted).toEqual([8])
  })

  it('OP34 a position that is not reached in time is answered so, and later news change nothing', async () => {
    vi.useFakeTimers()
    const models = readModels()
    const reached = models.reached(['timelines'], 7, 2_000)
    await vi.advanceTimersByTimeAsync(2_000)
    models.heard(at('timelines', 7))
    vi.useRealTimers()
    expect(await reached).toBe(false)
  })
})
