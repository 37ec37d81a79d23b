import type { Progress, ProjectorState } from '@verbatim/projections/projector'
import type { Position } from '@verbatim/services/event-log'

/** How far each read model has come, as its projector told. */
export interface ReadModels {
  heard(progress: Progress): void
  /** Whether all of these have come to `position` within so many milliseconds. */
  reached(models: readonly string[], position: Position, within: number): Promise<boolean>
  state(): Readonly<Record<string, { position: Position; state: ProjectorState; parked: number; reason?: string }>>
}

type Waiting = { readonly models: readonly string[]; readonly position: Position; readonly come: () => void }

/** Runs once after so many milliseconds, unless the returned function is called before. */
export type After = (milliseconds: number, run: () => void) => () => void
const byTheMachine: After = (milliseconds, run) => {
  const timer = setTimeout(run, milliseconds)
  return () => clearTimeout(timer)
}

/** @param want hears of each position that somebody waits for */
export const readModels = (
  want: (position: Position) => void = () => undefined,
  after: After = byTheMachine,
): ReadModels => {
  const progress = new Map<string, Progress>()
  const waiting = new Set<Waiting>()
  const isThere = (models: readonly string[], position: Position): boolean =>
    models.every((model) => (progress.get(model)?.position ?? -1) >= position)

  return {
    heard(news) {
      progress.set(news.projection, news)
      for (const waiter of waiting) if (isThere(waiter.models, waiter.position)) waiter.come()
    },
    reached(models, position, within) {
      if (isThere(models, position)) return Promise.resolve(true)
      want(position)
      return new Promise((resolve) => {
        const settle = (come: boolean) => {
          cancel()
          waiting.delete(waiter)
          resolve(come)
        }
        const waiter = { models, position, come: () => settle(true) }
        const cancel = after(within, () => settle(false))
        waiting.add(waiter)
      })
    },
    state: () =>
      Object.fromEntries(
        [...progress].map(([model, { position, state, parked, reason }]) => [
          model,
          { position, state, parked, ...(reason !== undefined && { reason }) },
        ]),
      ),
  }
}
