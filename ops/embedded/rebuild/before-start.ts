import {
  type Filled,
  generationFile,
  nextGeneration,
  pointTo,
  removeLeftovers,
  servingOf,
} from '@verbatim/projections/projector'
import { fitOf, type KnownModel } from '../models.ts'
import { withFiller } from './rebuilding.ts'

/** Milliseconds between two lines of progress. */
const BETWEEN = 2_000

/**
 * Looks at the models before anybody serves them: clears what was left behind, and fills new ones in the place of those
 * that this version cannot serve, which takes a while.
 * @param parts.say a line for whoever waits
 * @returns those that serve and are to be rebuilt meanwhile: an older version made them
 */
export const prepareModels = async (
  models: readonly KnownModel[],
  parts: { readonly folder: string; readonly entry: URL; readonly say: (line: string) => void },
): Promise<readonly KnownModel[]> => {
  const { folder } = parts
  for (const model of models) await removeLeftovers(folder, model)
  const fits = models.map((model) => ({ model, fit: fitOf(model, model.file(folder)) }))
  const unfit = fits.flatMap(({ model, fit }) => (fit === 'unfit' ? [model] : []))
  if (unfit.length > 0) await fillFirst(unfit, parts)
  return fits.flatMap(({ model, fit }) => (fit === 'older' ? [model] : []))
}

const fillFirst = async (
  models: readonly KnownModel[],
  { folder, entry, say }: Parameters<typeof prepareModels>[1],
): Promise<void> => {
  const names = models.map(({ name }) => name).join(', ')
  say(`${names}: this version needs a new model, which is filled from the log before the server starts`)
  const began = performance.now()
  let told = began
  const onProgress = ({ done, total }: Filled): void => {
    if (performance.now() - told < BETWEEN) return
    told = performance.now()
    const perSecond = (done / (told - began)) * 1_000
    say(`${names}: ${done} of ${total} events, about ${Math.ceil((total - done) / perSecond)} s left`)
  }
  const jobs = models.map((model) => {
    const generation = nextGeneration(folder, model)
    return { model, generation, projection: model.name, file: generationFile(folder, model.name, generation) }
  })
  const never = new AbortController().signal
  await withFiller({ folder, entry, stopped: never, onProgress }, (filling) =>
    filling.fill(jobs.map(({ projection, file }) => ({ projection, file }))),
  )
  for (const { model, generation } of jobs) {
    const { serves } = servingOf(folder, model)
    await pointTo(folder, model.name, { serves: generation, previous: serves })
  }
  say(`${names}: filled in ${((performance.now() - began) / 1_000).toFixed(1)} s`)
}
