import {
  fillFirst,
  type Reading,
  type RebuildParts,
  type Rebuilt,
  rebuild,
  rollBack,
  runProjections,
} from '@verbatim/projections/projector'
import { fitOf, type KnownModel, openToServe } from '../../embedded/models.ts'
import { fillingFrom } from '../../embedded/rebuild/filling-from.ts'
import { projectingOn } from '../../embedded/rebuild/projecting-on.ts'
import type { Cli } from '../cli.ts'
import { logFile, openedLog } from '../files.ts'
import { heldLog } from '../trial.ts'
import { stepsOn } from './steps.ts'

/** Rebuilds in this process, where no server runs. For whoever holds the folder's lock. */
export const rebuiltAlone = async (
  cli: Cli,
  models: readonly KnownModel[],
  { acceptDifferences, quiet }: { readonly acceptDifferences: boolean; readonly quiet: boolean },
): Promise<readonly Rebuilt[]> => {
  const steps = stepsOn(cli, quiet)
  const log = openedLog(cli.folder)
  const filling = fillingFrom({ log, onProgress: steps.filled, stopped: cli.interrupted })
  const unfit = models.filter((model) => fitOf(model, model.file(cli.folder)) === 'unfit')
  const fit = models.filter((model) => !unfit.includes(model))
  try {
    // What this version cannot serve cannot be compared either.
    const filled = unfit.length > 0 ? await fillFirst({ folder: cli.folder, filling }, unfit) : []
    if (fit.length === 0) return filled
    const rebuilt = await withModels(cli, fit, (parts) =>
      rebuild({ ...parts, filling }, fit, { acceptDifferences, tell: steps.at }),
    )
    return [...filled, ...rebuilt]
  } finally {
    steps.done()
    log.close()
  }
}

export const rolledBackAlone = (cli: Cli, model: KnownModel): Promise<Rebuilt> =>
  withModels(cli, [model], (parts) => rollBack(parts, model, () => undefined))

/** Runs the models that serve, as a server would, up to the end of the log. */
const withModels = async <T>(
  { folder }: Cli,
  models: readonly KnownModel[],
  work: (parts: RebuildParts) => Promise<T>,
): Promise<T> => {
  const reader = openedLog(folder)
  const running = runProjections({
    models: models.map((model) => openToServe(model, model.file(folder))),
    log: heldLog(reader),
    onProgress: () => undefined,
  })
  try {
    return await work({ folder, projecting: projectingOn(running, logFile(folder)), reading: nobody })
  } finally {
    await running.close()
    reader.close()
  }
}

/** Nobody reads while no server runs. */
const nobody: Reading = {
  prepare: async () => undefined,
  turn: async () => undefined,
  discard: async () => undefined,
}
