import type { StreamName } from '@verbatim/protocol'
import { feedOf, type ProjectedLog } from './feed.ts'
import type { ModelStore, Parked, Progress, Projection } from './port.ts'
import { type Projector, type ProjectorOptions, projector } from './projector.ts'
import { type SideBySide, sideBySide } from './rebuild/side-by-side.ts'
import { type Voice, voiced } from './voice.ts'

/** A projection with its store, whatever its writes are. */
export type Model = (shared: Shared) => Projector
type Shared = Omit<ProjectorOptions<never>, 'projection' | 'store'>
export const model =
  <Write>(projection: Projection<Write>, store: ModelStore<Write>): Model =>
  (shared) =>
    projector({ ...shared, projection, store })

export interface RunningProjections extends SideBySide {
  /** @see Projector.retry */
  retry(projection: string, stream: StreamName): Promise<Parked | undefined>
  /** @see Projector.drop */
  drop(projection: string, stream: StreamName): Promise<Parked | undefined>
  /** Closes the stores too; the log stays open. */
  close(): Promise<void>
}

/**
 * Runs several projections on one log in this thread. Each has its own position and fails alone; those at the live edge
 * share what is read. `onProgress` hears of each of them.
 * @param options.batch how many events are read at once, at most
 */
export const runProjections = (options: {
  readonly models: readonly Model[]
  readonly log: ProjectedLog
  readonly onProgress: (progress: Progress) => void
  readonly pause?: (milliseconds: number) => Promise<unknown>
  /** @see ProjectorOptions.giveWay */
  readonly giveWay?: () => Promise<unknown>
  readonly batch?: number
}): RunningProjections => {
  const { models, log, onProgress, batch, ...told } = options
  const feed = feedOf(log, batch)
  const start = (model: Model): Voice => voiced((hear) => model({ ...told, feed, onProgress: hear }))
  const serving = new Map<string, Voice>()
  for (const one of models.map(start)) {
    one.tell(onProgress)
    serving.set(one.projector.name, one)
  }
  const named = (name: string): Voice => {
    const found = serving.get(name)
    if (!found) throw new Error(`there is no projection ${name}`)
    return found
  }
  const pairs = sideBySide({ serving: named, replace: (name, by) => serving.set(name, by), start, onProgress })
  return {
    retry: async (projection, stream) => named(projection).projector.retry(stream),
    drop: async (projection, stream) => named(projection).projector.drop(stream),
    ...pairs.methods,
    close: async () => {
      await pairs.close()
      await Promise.all([...serving.values()].map((one) => one.projector.close()))
      await feed.close()
    },
  }
}
