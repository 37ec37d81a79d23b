import {
  type Model,
  type ModelStore,
  model,
  modelFile,
  type Parked,
  type Projection,
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
  open(file: string): Model
  /** The queries that say the whole model, see `exportRows`. */
  readonly exports: Readonly<Record<string, string>>
}

const known = <Write>(
  projection: Projection<Write>,
  store: (file: string) => ModelStore<Write>,
  exports: KnownModel['exports'],
): KnownModel => ({
  name: projection.name,
  version: projection.version,
  file: (folder) => modelFile(folder, projection),
  open: (file) => model(projection, store(file)),
  exports,
})

/** All of them, in the order in which they are told. */
export const knownModels: readonly KnownModel[] = [
  known(timelines, timelinesStore, timelinesExport),
  known(socialGraph, (file) => sqliteSocialGraphStore({ file }), socialGraphExport),
  known(people, (file) => sqlitePeopleStore({ file }), peopleExport),
]

/** What the thread that projects can be asked, for an operator. */
export type ProjectorRequests = {
  /** Tries again what is set aside of a stream; answers what still is. */
  retry(projection: string, stream: string): Promise<Parked | undefined>
  /** Gives up the failed event of a stream, and tries what waits behind it. */
  drop(projection: string, stream: string): Promise<Parked | undefined>
}
