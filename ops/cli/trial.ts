import { type Model, type Progress, type ProjectedLog, runProjections } from '@verbatim/projections/projector'
import type { LogReader, Position } from '@verbatim/services/event-log'
import type { Cli } from './cli.ts'
import { Failure } from './failure.ts'

/** A log as it is at one moment, for projections that run to its end and no further. */
export const heldLog = (reader: LogReader): ProjectedLog & { readonly end: Position; read(): number } => {
  reader.hold()
  const end = reader.head()
  let events = 0
  let counted: Position = 0
  return {
    log: reader.log,
    end,
    /** Events that were read so far, each once. */
    read: () => events,
    head: async () => end,
    readAll: async (after, limit) => {
      const page = reader.readAll(after, limit)
      events += page.filter(({ position }) => position > counted).length
      counted = Math.max(counted, page.at(-1)?.position ?? 0)
      return page
    },
    // Nothing ever comes after the end.
    follow: () => {
      let close = (): void => undefined
      const ended = new Promise<void>((resolve) => {
        close = resolve
      })
      return { ended, close: async () => close() }
    },
  }
}

/**
 * Runs models over a held log until each is at its end, or stands still.
 * @param onProgress hears of the one that is furthest behind
 * @returns the last that each of them told
 */
export const runToEnd = async (
  cli: Pick<Cli, 'interrupted'>,
  models: ReadonlyMap<string, Model>,
  log: ProjectedLog & { readonly end: Position },
  onProgress: (position: Position) => void = () => undefined,
): Promise<ReadonlyMap<string, Progress>> => {
  const last = new Map<string, Progress>()
  if (models.size === 0) return last
  const isOver = (name: string): boolean => {
    const { state, position } = last.get(name) ?? { state: 'catching-up', position: 0 }
    return state === 'stopped' || state === 'upgrade-needed' || (state === 'live' && position >= log.end)
  }
  let over = (): void => undefined
  const finished = new Promise<void>((resolve) => {
    over = resolve
  })
  const running = runProjections({
    models: [...models.values()],
    log,
    onProgress: (progress) => {
      last.set(progress.projection, progress)
      onProgress(Math.min(...[...models.keys()].map((name) => last.get(name)?.position ?? 0)))
      if ([...models.keys()].every(isOver)) over()
    },
  })
  cli.interrupted.addEventListener('abort', over, { once: true })
  await finished
  cli.interrupted.removeEventListener('abort', over)
  await running.close()
  if (cli.interrupted.aborted) throw new Failure('interrupted')
  return last
}
