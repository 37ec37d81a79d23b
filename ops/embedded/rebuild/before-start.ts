import { type Filled, fillFirst, removeLeftovers } from '@verbatim/projections/projector'
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
  if (unfit.length > 0) await fillUnfit(unfit, parts)
  return fits.flatMap(({ model, fit }) => (fit === 'older' ? [model] : []))
}

const fillUnfit = async (
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
  const never = new AbortController().signal
  await withFiller({ folder, entry, stopped: never, onProgress }, (filling) => fillFirst({ folder, filling }, models))
  say(`${names}: filled in ${((performance.now() - began) / 1_000).toFixed(1)} s`)
}
