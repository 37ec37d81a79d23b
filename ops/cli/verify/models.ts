import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { exportRows, hashOf, type Manner, type Model, openModelReader } from '@verbatim/projections/projector'
import { fitOf, type KnownModel, knownModel, knownModels } from '../../embedded/models.ts'
import { sentenceOf } from '../../sentence.ts'
import { brokenParts, copyDatabase, layoutOf } from '../adapters/sqlite.ts'
import type { Cli } from '../cli.ts'
import { openedLog } from '../files.ts'
import { heldLog, runToEnd } from '../trial.ts'
import { firstDifferences } from './differences.ts'
import type { Fault } from './faults.ts'

export type CheckedModel = {
  readonly model: string
  /** Undefined when it is not built, or could not be compared. */
  readonly hash?: string
  readonly position?: number
  /** What kept it from being compared, and is no fault. */
  readonly note?: string
}

/**
 * Builds each model again from the log, beside the live one, and compares what they say. The live ones are copied first
 * and brought to the same moment of the log: what is compacted since a model's own position is then missing in neither.
 */
export const verifyModels = async (cli: Cli, quiet: boolean): Promise<{ models: CheckedModel[]; faults: Fault[] }> => {
  const scratch = cli.scratch()
  const faults: Fault[] = []
  const copies = await copied(cli.folder, scratch, faults)
  const log = openedLog(cli.folder)
  try {
    const held = heldLog(log)
    const ofThisVersion = copies.filter((copy) => !isOfAnotherVersion(copy))
    const sound = await soundOnes(ofThisVersion, held, faults)
    const progress = cli.progress('models', 'events', quiet)
    const shadows = new Map(sound.map(({ known }) => [known.name, join(scratch, `shadow-${known.name}.db`)]))
    const opened = (files: ReadonlyMap<string, string>, manner: Manner): Map<string, Model> =>
      new Map([...files].map(([name, file]) => [name, knownModel(name).open(file, manner)]))
    const ran = await runToEnd(cli, opened(shadows, 'filling'), held, (at) => progress.at(at, held.end))
    progress.done()
    const alike = sound.filter(({ known, layout }) => {
      const last = ran.get(known.name)
      if (last?.state !== 'live') faults.push({ where: known.name, what: `cannot be built again: ${last?.reason}` })
      const same = layout === layoutOf(shadows.get(known.name) ?? '')
      if (!same) faults.push({ where: known.name, what: 'its tables are not those that its projection makes' })
      return same && last?.state === 'live'
    })
    const behind = alike.filter(({ position }) => position < held.end)
    await runToEnd(cli, opened(new Map(behind.map(({ known, file }) => [known.name, file])), 'serving'), held)
    const models: CheckedModel[] = copies.filter(isOfAnotherVersion).map(({ known }) => ({
      model: known.name,
      note: 'made by another version, so there is nothing to compare it with',
    }))
    for (const copy of alike)
      models.push(await compared(copy, shadows.get(copy.known.name) ?? '', { faults, end: held.end }))
    return { models, faults }
  } finally {
    log.close()
  }
}

/** Such a one serves until a server has filled one of this version, or is replaced before a server starts. */
const isOfAnotherVersion = ({ known, file }: Copy): boolean => ['older', 'unfit'].includes(fitOf(known, file))

type Copy = { readonly known: KnownModel; readonly file: string }
type SoundCopy = Copy & { readonly position: number; readonly layout: string }

const copied = async (folder: string, scratch: string, faults: Fault[]): Promise<Copy[]> => {
  const copies: Copy[] = []
  for (const known of knownModels) {
    const live = known.file(folder)
    // Not built yet is no fault: a server builds it when it starts.
    if (!existsSync(live)) continue
    const file = join(scratch, `live-${known.name}.db`)
    try {
      await copyDatabase(live, file)
      copies.push({ known, file })
    } catch (error) {
      faults.push({ where: known.name, what: sentenceOf(error) })
    }
  }
  return copies
}

/** Those that can be compared at all. */
const soundOnes = async (
  copies: readonly Copy[],
  log: { readonly log: string; readonly end: number },
  faults: Fault[],
): Promise<SoundCopy[]> => {
  const sound: SoundCopy[] = []
  for (const { known, file } of copies) {
    const fault = (what: string, position?: number): void =>
      void faults.push({ where: known.name, ...(position !== undefined && { position }), what })
    const broken = brokenParts(file)
    for (const what of broken) fault(what)
    if (broken.length > 0) continue
    try {
      const reader = await openModelReader(file, 0)
      const [position, its] = [reader.position(), reader.log()]
      reader.close()
      if (its !== undefined && its !== log.log) fault(`it was made from another log, ${its}`)
      else if (position > log.end) fault(`it is ahead of the log, whose head is ${log.end}`, position)
      else sound.push({ known, file, position, layout: layoutOf(file) })
    } catch (error) {
      fault(sentenceOf(error))
    }
  }
  return sound
}

const compared = async (
  { known, file, position }: SoundCopy,
  shadow: string,
  { faults, end }: { readonly faults: Fault[]; readonly end: number },
): Promise<CheckedModel> => {
  const [live, built] = [await openModelReader(file, 0), await openModelReader(shadow, 0)]
  try {
    const [one, other] = [live, built].map(({ db }) => hashOf(exportRows(db, known.exports)))
    if (one !== other)
      for (const what of firstDifferences(live.db, built.db, known.exports))
        faults.push({ where: known.name, position, what })
    const [aside, asideNow] = [live.setAside(), built.setAside()].map((places) => places.map((place) => place.position))
    if (JSON.stringify(aside) !== JSON.stringify(asideNow))
      for (const at of aside ?? []) faults.push({ where: known.name, position: at, what: 'this event is set aside' })
    return { model: known.name, position: end, ...(one === other && one !== undefined && { hash: one }) }
  } finally {
    live.close()
    built.close()
  }
}
