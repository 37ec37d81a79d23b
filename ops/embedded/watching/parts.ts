import { statfs } from 'node:fs/promises'
import type { Position } from '@verbatim/services/event-log'
import type { ReadModels } from '../read-models.ts'
import type { Lag } from './lag.ts'
import type { PartState } from './readiness.ts'
import { type Vitals, vitalOf } from './vitals.ts'

/** Milliseconds without a beat after which a thread is taken to hang; it beats four times a second. */
const SILENT = 1_250
/** Seconds that a model may be behind: past it, too many reads run into their two seconds. */
const BEHIND = 10
/** Bytes below which the next minutes may fill the disk, so that nothing could be written. */
const LOW = 32 * 1024 * 1024

/** A thread whose event loop has not turned for a while answers nobody. */
export const threadState = (vitals: Vitals, now: number): PartState => {
  const silent = now - vitalOf(vitals).beat
  return silent <= SILENT ? { ready: true } : { ready: false, why: `has not turned for ${seconds(silent)} s` }
}

/** The same, and then it is asked for something that it has to read from its file. */
export const askedState =
  (vitals: Vitals, read: () => Promise<unknown>, now: () => number) => async (): Promise<PartState> => {
    const turning = threadState(vitals, now())
    if (!turning.ready) return turning
    await read()
    return turning
  }

export type ModelStateParts = {
  readonly models: Pick<ReadModels, 'state'>
  /** Where the log stood when the process started: a model that has not come there has not caught up. */
  readonly from: Position
  readonly head: () => Position
  readonly lag: Lag
}

/** A read model serves when it has caught up once, goes on, and is not too far behind. Parked streams wait alone. */
export const modelState =
  (name: string, { models, from, head, lag }: ModelStateParts) =>
  (): PartState => {
    const model = models.state()[name]
    if (!model) return { ready: false, why: 'has not said anything yet' }
    const { position, state, parked, reason } = model
    const behind = Math.max(0, head() - position)
    const late = lag.behind(position, head())
    const about = { state, position, behind, parked }
    const because = reason === undefined ? '' : `: ${reason}`
    if (state === 'stopped') return { ready: false, why: `stands still${because}`, ...about }
    if (state === 'upgrade-needed') return { ready: false, why: `needs a newer version${because}`, ...about }
    if (position < from) return { ready: false, why: `catches up, ${behind} events behind${because}`, ...about }
    if (late > BEHIND) return { ready: false, why: `is ${Math.round(late)} s behind${because}`, ...about }
    return { ready: true, ...about }
  }

export const freeSpace = async (folder: string): Promise<number> => {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}

export const diskState = async (free: () => Promise<number>): Promise<PartState> => {
  const bytes = await free()
  return bytes >= LOW
    ? { ready: true, free: bytes }
    : { ready: false, why: `only ${Math.floor(bytes / 1024 / 1024)} MiB are free, make room`, free: bytes }
}

const seconds = (milliseconds: number): string => (milliseconds / 1_000).toFixed(1)
