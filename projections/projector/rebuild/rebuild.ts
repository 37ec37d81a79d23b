import type { Projection } from '../port.ts'
import {
  generationFile,
  nextGeneration,
  pointTo,
  removeGeneration,
  removeLeftovers,
  type Serving,
  servingFile,
  servingOf,
} from './generations.ts'
import type { Filling, Phase, Projecting, Reading, Rebuilt } from './port.ts'

export type RebuildParts = {
  /** The data folder. */
  readonly folder: string
  readonly projecting: Projecting
  readonly reading: Reading
}
type Named = Pick<Projection<never>, 'name' | 'version'>

/**
 * Fills a new model of each projection while the one that serves goes on, compares the two at one position, and lets the
 * new one serve. At every moment before that the old one serves as if nothing were; so it does after a crash.
 * @param options.acceptDifferences switches also when the two say different things
 * @param options.tell hears what is being done, for one projection or all
 */
export const rebuild = async (
  parts: RebuildParts & { readonly filling: Filling },
  projections: readonly Named[],
  options: {
    readonly acceptDifferences: boolean
    readonly tell: (phase: Phase, projection?: string) => void
  },
): Promise<Rebuilt[]> => {
  const { folder, filling } = parts
  for (const projection of projections) await removeLeftovers(folder, projection)
  const jobs = projections.map((projection) => jobOf(folder, projection))
  const rebuilt: Rebuilt[] = []
  try {
    options.tell('filling')
    await filling.fill(jobs.map(({ projection, file }) => ({ projection, file })))
    for (const { of } of jobs) rebuilt.push(await replaced(parts, of, options))
  } finally {
    for (const projection of projections) await removeLeftovers(folder, projection)
  }
  return rebuilt
}

/**
 * Lets new models serve in the place of those that this version cannot serve, where nobody reads or projects yet. There
 * is nothing to compare.
 */
export const fillFirst = async (
  { folder, filling }: { readonly folder: string; readonly filling: Pick<Filling, 'fill'> },
  projections: readonly Named[],
): Promise<Rebuilt[]> => {
  const jobs = projections.map((projection) => jobOf(folder, projection))
  await filling.fill(jobs.map(({ projection, file }) => ({ projection, file })))
  const filled: Rebuilt[] = []
  for (const { projection, from, to } of jobs) {
    await pointTo(folder, projection, { serves: to, previous: from })
    filled.push({ projection, switched: true, from, to })
  }
  return filled
}

const jobOf = (folder: string, of: Named) => {
  const to = nextGeneration(folder, of)
  const from = servingOf(folder, of).serves
  return { of, projection: of.name, from, to, file: generationFile(folder, of.name, to) }
}

const replaced = async (
  parts: RebuildParts & { readonly filling: Filling },
  projection: Named,
  { acceptDifferences, tell }: Parameters<typeof rebuild>[2],
): Promise<Rebuilt> => {
  const { folder, projecting, filling } = parts
  const { name, version } = projection
  const before = servingOf(folder, projection)
  const to = nextGeneration(folder, projection)
  const about = { projection: name, from: before.serves, to }
  const [serving, filled] = [servingFile(folder, projection), generationFile(folder, name, to)]
  tell('catching-up', name)
  await projecting.beside(name, filled)
  try {
    if ((await filling.versionOf(serving)) === version) {
      tell('comparing', name)
      await filling.open(name, serving, filled)
      await projecting.still(name)
      try {
        await filling.look(name)
      } finally {
        await projecting.goOn(name)
      }
      const comparison = await filling.compare(name)
      if (!comparison.same && !acceptDifferences) return { ...about, switched: false, comparison }
      tell('switching', name)
      await turnTo(parts, projection, { serves: to, previous: before.serves })
      return { ...about, switched: true, comparison }
    }
    tell('switching', name)
    await turnTo(parts, projection, { serves: to, previous: before.serves })
    return { ...about, switched: true }
  } finally {
    await projecting.discard(name)
  }
}

/**
 * Lets the model serve again that served before; the two change places.
 * @throws when there is none, or the code does not fit it
 */
export const rollBack = async (
  parts: RebuildParts,
  projection: Named,
  tell: (phase: Phase, projection: string) => void,
): Promise<Rebuilt> => {
  const { serves, previous } = withPrevious(parts.folder, projection)
  const { projecting } = parts
  tell('catching-up', projection.name)
  await projecting.beside(projection.name, generationFile(parts.folder, projection.name, previous))
  try {
    tell('switching', projection.name)
    await turnTo(parts, projection, { serves: previous, previous: serves })
  } finally {
    await projecting.discard(projection.name)
  }
  return { projection: projection.name, switched: true, from: serves, to: previous }
}

/**
 * Deletes the model that served before.
 * @returns its generation
 * @throws when there is none
 */
export const dropOld = async (folder: string, projection: Named): Promise<number> => {
  const { serves, previous } = withPrevious(folder, projection)
  // The pointer first: after a crash in between the file is a leftover; the other way round it would be missed.
  await pointTo(folder, projection.name, { serves })
  await removeGeneration(folder, projection.name, previous)
  return previous
}

const withPrevious = (folder: string, projection: Named): Required<Serving> => {
  const { serves, previous } = servingOf(folder, projection)
  if (previous === undefined) throw new Error(`no older model of ${projection.name} is kept`)
  return { serves, previous }
}

/**
 * Both models stand at one position while the readers turn, so none of them sees a position go back. The pointer comes
 * before: a crash after it starts with the new model, which comes up to the log like any other.
 */
const turnTo = async (
  { folder, projecting, reading }: RebuildParts,
  projection: Named,
  serving: Serving,
): Promise<void> => {
  const { name } = projection
  const before = servingOf(folder, projection)
  await reading.prepare(name, generationFile(folder, name, serving.serves))
  try {
    await projecting.still(name)
    try {
      await pointTo(folder, name, serving)
      await reading.turn(name)
    } catch (error) {
      await projecting.goOn(name)
      await pointTo(folder, name, before)
      throw error
    }
    await projecting.takeOver(name)
  } finally {
    await reading.discard(name)
  }
}
