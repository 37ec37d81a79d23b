import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Position } from '@verbatim/services/event-log'
import type { Log } from '@verbatim/services/gateway'
import type { ReadModels } from '../read-models.ts'
import type { Commits } from './commits.ts'
import { lag as lagOver } from './lag.ts'
import { type MetricsParts, metrics } from './metrics.ts'
import { askedState, diskState, freeSpace, modelState, threadState } from './parts.ts'
import { type Readiness, readiness } from './readiness.ts'
import { beating, newVitals, type Vitals } from './vitals.ts'

export type WatchedParts = Pick<MetricsParts, 'about' | 'gateway' | 'commands' | 'waiting' | 'rebuild'> & {
  readonly folder: string
  readonly models: Pick<ReadModels, 'state'>
  /** Names of the read models without which nothing is served. */
  readonly needed: readonly string[]
  /** Where the log stood when the process started, and where it stands. */
  readonly from: Position
  readonly head: () => Position
  readonly commits: Commits
  readonly threads: Readonly<Record<'log-writer' | 'projector' | 'queries' | 'identity', Vitals>>
  /** Something that the thread has to look up in its file, and finds quickly. */
  readonly ask: Readonly<Record<'queries' | 'identity', () => Promise<unknown>>>
  readonly log: Log
}

/** What an operator sees of a running process. */
export interface Watching {
  metrics(): Promise<string>
  ready(): Promise<Readiness>
  close(): void
}

/** Milliseconds between two looks at the delay of the event loop. */
const RESOLUTION = 20

export const watching = (parts: WatchedParts): Watching => {
  const { folder, models, from, head, threads, ask, log } = parts
  const now = Date.now
  const lag = lagOver(() => performance.now())
  const note = setInterval(() => lag.note(head()), 1_000)
  note.unref()
  lag.note(head())
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION })
  delay.enable()
  const main = newVitals()
  const heart = beating(main)
  const free = () => freeSpace(folder)

  const ready = readiness(
    {
      'log-writer': () => threadState(threads['log-writer'], now()),
      projector: () => threadState(threads.projector, now()),
      queries: askedState(threads.queries, ask.queries, now),
      identity: askedState(threads.identity, ask.identity, now),
      ...Object.fromEntries(parts.needed.map((name) => [name, modelState(name, { models, from, head, lag })])),
      disk: () => diskState(free),
    },
    {
      changed: (notReady) =>
        Object.keys(notReady).length === 0 ? log.info({}, 'ready again') : log.warn({ notReady }, 'not ready'),
    },
  )
  return {
    ready,
    metrics: () => metrics({ ...parts, lag, delay, resolution: RESOLUTION, free, now, threads: { main, ...threads } }),
    close() {
      clearInterval(note)
      delay.disable()
      heart.stop()
    },
  }
}
