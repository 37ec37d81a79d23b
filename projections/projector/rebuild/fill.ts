import { setTimeout } from 'node:timers/promises'
import type { Position } from '@verbatim/services/event-log'
import type { ProjectedLog } from '../feed.ts'
import type { Progress } from '../port.ts'
import { type Model, runProjections } from '../run-projections.ts'

/** How far a filling has come. */
export type Filled = { readonly done: Position; readonly total: Position }
/** A log that is read and not waited for. */
export type ReadLog = Omit<ProjectedLog, 'follow'>

/** Events of one transaction: the more, the less often a page of the model is written. */
const BATCH = 5_000
/** Milliseconds of the longest rest. */
const LONGEST_REST = 500

/**
 * Fills models from the log, in this thread; they share each reading. Ends near the head: what came during the filling is
 * read too, what comes during that is left to whoever runs them next. While somebody writes to the log it rests as long
 * as it works, since the disk and the processors are not its own.
 * @param options.models opened for filling; closed when this ends
 * @param options.stopped ends it early, which rejects
 * @throws why a model cannot be filled
 */
export const fillModels = async (options: {
  readonly models: readonly Model[]
  readonly log: ReadLog
  readonly onProgress: (filled: Filled) => void
  readonly stopped: AbortSignal
  readonly now?: () => number
  readonly pause?: (milliseconds: number) => Promise<unknown>
}): Promise<void> => {
  const { models, onProgress, stopped, now = () => performance.now(), pause = setTimeout } = options
  const log = await inTwoStretches(politely({ now, pause }, options.log))
  const { promise: ended, resolve: end, reject: fail } = withResolvers()
  const stop = (): void => fail(new Error('the rebuild was stopped'))
  if (stopped.aborted) stop()
  stopped.addEventListener('abort', stop)

  const news = new Map<string, Progress>()
  const heard = (progress: Progress): void => {
    news.set(progress.projection, progress)
    const all = [...news.values()]
    if (progress.state === 'stopped' || progress.state === 'upgrade-needed')
      fail(new Error(`${progress.projection} cannot be filled: ${progress.reason ?? progress.state}`))
    if (all.length < models.length) return
    onProgress({ done: Math.min(...all.map(({ position }) => position)), total: log.end() })
    if (all.every(({ state }) => state === 'live')) end()
  }
  const running = runProjections({ models, batch: BATCH, log, onProgress: heard })
  try {
    await ended
  } finally {
    stopped.removeEventListener('abort', stop)
    await running.close()
  }
}

/** Ends where the head is when it is opened, and goes on once to where the head is then. */
const inTwoStretches = async (log: ReadLog): Promise<ProjectedLog & { end(): Position }> => {
  let end = await log.head()
  let isFirst = true
  const readAll: ReadLog['readAll'] = async (after, limit) => {
    const events = (await log.readAll(after, limit)).filter(({ position }) => position <= end)
    if (events.length > 0 || !isFirst) return events
    isFirst = false
    end = await log.head()
    return readAll(after, limit)
  }
  const follow: ProjectedLog['follow'] = () => ({ ended: new Promise(() => {}), close: async () => {} })
  return { ...log, readAll, follow, end: () => end }
}

/** Rests before it is read again, as long as was worked on what it gave last, while its head moves. */
const politely = (
  { now, pause }: { readonly now: () => number; readonly pause: (milliseconds: number) => Promise<unknown> },
  log: ReadLog,
): ReadLog => {
  let head: Position | undefined
  let read = now()
  return {
    log: log.log,
    head: () => log.head(),
    async readAll(after, limit) {
      const worked = now() - read
      const before = head
      head = await log.head()
      if (before !== undefined && head > before) await pause(Math.min(worked, LONGEST_REST))
      read = now()
      return log.readAll(after, limit)
    },
  }
}

const withResolvers = () => {
  let resolve = (): void => {}
  let reject = (_: Error): void => {}
  const promise = new Promise<void>((resolved, rejected) => {
    resolve = resolved
    reject = rejected
  })
  return { promise, resolve, reject }
}
