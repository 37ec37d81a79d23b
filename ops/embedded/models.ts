import {
  type Manner,
  type Model,
  type ModelStore,
  model,
  modelVersion,
  type Parked,
  type Projecting,
  type Projection,
  servingFile,
} from '@verbatim/projections/projector'
import { people, peopleExport, sqlitePeopleStore } from '@verbatim/projections/search'
import { socialGraph, socialGraphExport, sqliteSocialGraphStore } from '@verbatim/projections/social-graph'
import { timelines, timelinesExport, timelinesStore } from '@verbatim/projections/timelines'

/** A read model of this installation: which projection fills it, where it lies, how it is opened and compared. */
export type KnownModel = {
  readonly name: string
  readonly version: number
  /** The file that serves, in a data folder. */
  file(folder: string): string
  /** Opened for writing, ready to be run: the live file, or any other for a trial. */
  open(file: string, manner?: Manner): Model
  /**
   * Older versions whose tables this one's writes and queries fit too. A model of theirs goes on serving while one of
   * this version is filled; with any other the server fills one before it starts.
   */
  readonly fits: readonly number[]
  /** The queries that say the whole model, see `exportRows`. */
  readonly exports: Readonly<Record<string, string>>
}

const known = <Write>(
  projection: Projection<Write>,
  store: (file: string, manner?: Manner) => ModelStore<Write>,
  more: Pick<KnownModel, 'exports' | 'fits'>,
): KnownModel => ({
  name: projection.name,
  version: projection.version,
  file: (folder) => servingFile(folder, projection),
  open: (file, manner) => model(projection, store(file, manner)),
  ...more,
})

/** All of them, in the order in which they are told. */
export const knownModels: readonly KnownModel[] = [
  known(timelines, timelinesStore, { exports: timelinesExport, fits: [] }),
  known(socialGraph, (file, manner = 'serving') => sqliteSocialGraphStore({ file, manner }), {
    exports: socialGraphExport,
    fits: [],
  }),
  known(people, (file, manner = 'serving') => sqlitePeopleStore({ file, manner }), { exports: peopleExport, fits: [] }),
]

/** @throws when there is none of that name */
export const knownModel = (name: string): KnownModel => {
  const found = knownModels.find((one) => one.name === name)
  if (!found) throw new Error(`there is no projection ${name}`)
  return found
}

/** How the model in a file is to this version: `missing` ones are filled as they serve. */
export const fitOf = ({ version, fits }: KnownModel, file: string): 'missing' | 'same' | 'older' | 'unfit' => {
  const made = modelVersion(file)
  if (made === undefined) return 'missing'
  if (made === version) return 'same'
  return fits.includes(made) ? 'older' : 'unfit'
}

/**
 * Opens a model to serve.
 * @throws when this version cannot serve it
 */
export const openToServe = (known: KnownModel, file: string): Model => {
  const fit = fitOf(known, file)
  if (fit === 'unfit')
    throw new Error(`${file} was made by another version of ${known.name}, which does not fit this one`)
  return known.open(file, fit === 'older' ? 'older' : 'serving')
}

/** What the thread that projects can be asked: for an operator, and by a rebuild. */
export type ProjectorRequests = Projecting & {
  /** Tries again what is set aside of a stream; answers what still is. */
  retry(projection: string, stream: string): Promise<Parked | undefined>
  /** Gives up the failed event of a stream, and tries what waits behind it. */
  drop(projection: string, stream: string): Promise<Parked | undefined>
}
