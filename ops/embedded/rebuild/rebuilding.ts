import {
  dropOld,
  type Filled,
  type Filling,
  type Phase,
  type Projecting,
  type Reading,
  type Rebuilt,
  rebuild,
  rollBack,
} from '@verbatim/projections/projector'
import { type Calls, callsOver } from '@verbatim/services/threads'
import { sentenceOf } from '../../sentence.ts'
import { type KnownModel, knownModel } from '../models.ts'
import { startThread } from '../threads.ts'

/** How the rebuild that is under way is getting on, or how the last one ended. */
export type RebuildNews = Filled & {
  readonly projections: readonly string[]
  readonly phase: Phase | 'done' | 'failed'
  /** The one that is at hand, where it is not all of them. */
  readonly projection?: string
  readonly rebuilt: readonly Rebuilt[]
  readonly error?: string
}

/** One rebuild at a time, beside everything that this process does. */
export interface Rebuilding {
  /** @throws when one is under way, or a name is unknown */
  start(projections: readonly string[], acceptDifferences: boolean): Promise<void>
  /** @throws as `start` */
  startRollBack(projection: string): Promise<void>
  news(): RebuildNews | undefined
  /** Everything stays as it is. Resolves when nothing of it runs any more. */
  stop(): Promise<void>
  /** @see dropOld */
  dropOld(projection: string): Promise<number>
}

/** Milliseconds that both models may stand still for a look at them, and the thread may take to end. */
const LOOK = 10_000
const PATIENCE = 5_000

export const rebuilding = (parts: {
  readonly folder: string
  readonly entry: URL
  readonly projecting: Calls<Projecting>
  readonly reading: Calls<Reading>
  readonly told: (news: RebuildNews) => void
}): Rebuilding => {
  const { folder, entry, told, ...models } = parts
  let news: RebuildNews | undefined
  let running: { readonly ended: Promise<void>; stop(): void } | undefined

  const change = (next: Partial<RebuildNews>): void => {
    if (news) news = { ...news, ...next }
  }
  const tell = (phase: Phase, projection?: string): void => change({ phase, ...(projection && { projection }) })
  const run = (wanted: readonly KnownModel[], work: (stopped: AbortSignal) => Promise<readonly Rebuilt[]>): void => {
    if (running) throw new Error('a rebuild is under way already')
    const stopping = new AbortController()
    news = { projections: wanted.map(({ name }) => name), phase: 'filling', done: 0, total: 0, rebuilt: [] }
    const ended = work(stopping.signal)
      .then(
        (rebuilt) => change({ phase: 'done', rebuilt }),
        (error: unknown) => change({ phase: 'failed', error: sentenceOf(error) }),
      )
      .finally(() => {
        running = undefined
        if (news) told(news)
      })
    running = { ended, stop: () => stopping.abort() }
  }

  return {
    async start(projections, acceptDifferences) {
      const wanted = [...new Set(projections)].map(knownModel)
      run(wanted, (stopped) =>
        withFiller({ folder, entry, stopped, onProgress: change }, (filling) =>
          rebuild({ folder, filling, ...models }, wanted, { acceptDifferences, tell }),
        ),
      )
    },
    async startRollBack(projection) {
      const known = knownModel(projection)
      run([known], async () => [await rollBack({ folder, ...models }, known, tell)])
    },
    news: () => news,
    async stop() {
      running?.stop()
      await running?.ended
    },
    async dropOld(projection) {
      if (running) throw new Error('a rebuild is under way')
      return dropOld(folder, knownModel(projection))
    },
  }
}

/** A thread that fills, for as long as `work` takes. When it dies or is stopped, what is asked of it fails. */
export const withFiller = async <T>(
  parts: {
    readonly folder: string
    readonly entry: URL
    readonly stopped: AbortSignal
    readonly onProgress: (filled: Filled) => void
  },
  work: (filling: Filling) => Promise<T>,
): Promise<T> => {
  const { folder, entry, stopped, onProgress } = parts
  let fail = (_: Error): void => {}
  const gone = new Promise<never>((_, reject) => {
    fail = reject
  })
  gone.catch(() => undefined)
  const thread = await startThread(entry, {
    names: ['filling', 'progress'],
    data: { folder },
    failed: (error) => fail(error),
  })
  const stop = (): void => {
    void thread.stop(PATIENCE).then(() => fail(new Error('the rebuild was stopped')))
  }
  stopped.addEventListener('abort', stop)
  if (stopped.aborted) stop()
  thread.ports.progress.on('message', onProgress)
  const calls = callsOver<Filling>(thread.ports.filling)
  try {
    return await work({
      versionOf: (file) => Promise.race([calls.versionOf(file), gone]),
      fill: (jobs) => Promise.race([calls.fill(jobs), gone]),
      open: (...models) => Promise.race([calls.open(...models), gone]),
      look: (projection) => Promise.race([calls.look(projection), gone, late(LOOK)]),
      compare: (projection) => Promise.race([calls.compare(projection), gone]),
    })
  } finally {
    stopped.removeEventListener('abort', stop)
    await thread.stop(PATIENCE)
  }
}

const late = (milliseconds: number): Promise<never> =>
  new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`the models were not looked at within ${milliseconds} ms`)), milliseconds).unref()
  })
