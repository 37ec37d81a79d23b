import type { StreamName } from '@verbatim/protocol'
import { feedOf, type ProjectedLog } from './feed.ts'
import type { ModelStore, Parked, Progress, Projection } from './port.ts'
import { type Projector, type ProjectorOptions, projector } from './projector.ts'

/** A projection with its store, whatever its writes are. */
export type Model = (shared: Shared) => Projector
type Shared = Omit<ProjectorOptions<never>, 'projection' | 'store'>
export const model =
  <Write>(projection: Projection<Write>, store: ModelStore<Write>): Model =>
  (shared) =>
    projector({ ...shared, projection, store })

export interface RunningProjections {
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
 */
export const runProjections = (options: {
  readonly models: readonly Model[]
  readonly log: ProjectedLog
  readonly onProgress: (progress: Progress) => void
  readonly pause?: (milliseconds: number) => Promise<unknown>
}): RunningProjections => {
  const { models, log, ...told } = options
  const feed = feedOf(log)
  const projectors = models.map((start) => start({ ...told, feed }))
  const named = (name: string): Projector => {
    const found = projectors.find((one) => one.name === name)
    if (!found) throw new Error(`there is no projection ${name}`)
    return found
  }
  return {
    retry: async (projection, stream) => named(projection).retry(stream),
    drop: async (projection, stream) => named(projection).drop(stream),
    close: async () => {
      await Promise.all(projectors.map((one) => one.close()))
      await feed.close()
    },
  }
}
