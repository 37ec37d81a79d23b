import { join } from 'node:path'
import { fillModels, nextGeneration, servingOf } from '@verbatim/projections/projector'
import { fitOf, type KnownModel } from '../../embedded/models.ts'
import type { Cli } from '../cli.ts'
import { bytesOf, openedLog } from '../files.ts'

export type Plan = {
  /** Events of the log up to its head, of which some may be compacted away. */
  readonly events: number
  /** Events per second, of all models together, measured on the first `sample` events. */
  readonly rate: number
  readonly sample: number
  readonly seconds: number
  readonly models: readonly {
    readonly projection: string
    /** Of this code. */
    readonly version: number
    readonly fit: ReturnType<typeof fitOf>
    /** Generations, see `Serving`; null where there is none. */
    readonly serves: number
    readonly next: number
    readonly previous: number | null
    /** Of the model that serves: about what the new one will take. */
    readonly bytes: number
  }[]
}

/** Events on which the rate is measured. */
const SAMPLE = 20_000

/** What a rebuild would do. Fills models for a sample of the log where nobody sees it, and touches nothing else. */
export const planOf = async (cli: Cli, models: readonly KnownModel[]): Promise<Plan> => {
  const log = openedLog(cli.folder)
  try {
    const events = log.head()
    const sample = Math.min(events, SAMPLE)
    const scratch = cli.scratch()
    const began = performance.now()
    await fillModels({
      models: models.map((model) => model.open(join(scratch, `${model.name}.db`), 'filling')),
      log: {
        log: log.log,
        head: async () => sample,
        readAll: async (after, limit) => log.readAll(after, Math.min(limit, Math.max(sample - after, 0))),
      },
      onProgress: () => undefined,
      stopped: cli.interrupted,
    })
    const rate = sample / ((performance.now() - began) / 1_000)
    return {
      events,
      sample,
      rate: Math.round(rate),
      seconds: rate > 0 ? Math.round((events / rate) * 10) / 10 : 0,
      models: models.map((model) => {
        const { serves, previous = null } = servingOf(cli.folder, model)
        const file = model.file(cli.folder)
        return {
          projection: model.name,
          version: model.version,
          fit: fitOf(model, file),
          serves,
          next: nextGeneration(cli.folder, model),
          previous,
          bytes: bytesOf(file),
        }
      }),
    }
  } finally {
    log.close()
  }
}
