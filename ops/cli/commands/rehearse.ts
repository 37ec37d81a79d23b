import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { exportRows, hashOf, openModelReader, type Place } from '@verbatim/projections/projector'
import { type KnownModel, knownModels } from '../../embedded/models.ts'
import { type Cli, type Options, tell } from '../cli.ts'
import { exits, Failure } from '../failure.ts'
import { openedLog } from '../files.ts'
import { counted, many, printable } from '../text.ts'
import { heldLog, runToEnd } from '../trial.ts'

export type Rehearsal = {
  readonly projection: string
  readonly version: number
  readonly events: number
  readonly seconds: number
  /** Events per second. */
  readonly rate: number
  readonly parked: readonly (Place & { readonly reason: string | null })[]
  /** Of the model that came out; equal code and log give equal ones. */
  readonly hash: string
  /** Why it did not come to the end, if so. */
  readonly stopped?: string
}

/** `verbatim replay --rehearse`: what this version's code would make of the real log, tried where nobody sees it. */
export const rehearse = async (cli: Cli, name: string, options: Options): Promise<void> => {
  const model = modelNamed(name)
  const scratch = cli.scratch()
  const log = openedLog(cli.folder)
  try {
    const found = await rehearsed(cli, model, { log: heldLog(log), scratch, quiet: options.json === true })
    tell(cli, options, found, () => linesOf(found))
    if (found.parked.length > 0 || found.stopped !== undefined) cli.endWith(exits.faults)
  } finally {
    log.close()
    rmSync(scratch, { recursive: true, force: true })
  }
}

export const modelNamed = (name: string): KnownModel => {
  const model = knownModels.find((known) => known.name === name)
  if (model) return model
  throw new Failure(
    `there is no projection ${name}: write one of ${knownModels.map((known) => known.name).join(', ')}`,
    exits.usage,
  )
}

type Stage = { readonly log: ReturnType<typeof heldLog>; readonly scratch: string; readonly quiet: boolean }
const rehearsed = async (cli: Cli, model: KnownModel, { log, scratch, quiet }: Stage): Promise<Rehearsal> => {
  const file = join(scratch, `${model.name}.db`)
  const progress = cli.progress(`${model.name} v${model.version}`, 'events', quiet)
  const began = performance.now()
  const last = await runToEnd(cli, new Map([[model.name, model.open(file)]]), log, (at) => progress.at(at, log.end))
  const seconds = (performance.now() - began) / 1_000
  progress.done()
  const reader = await openModelReader(file, 0)
  const { state, reason } = last.get(model.name) ?? {}
  const found = {
    projection: model.name,
    version: model.version,
    events: log.read(),
    seconds: Math.round(seconds * 100) / 100,
    rate: Math.round(log.read() / seconds),
    parked: reader.setAside(),
    hash: hashOf(exportRows(reader.db, model.exports)),
    ...(state !== 'live' && { stopped: reason ?? String(state) }),
  }
  reader.close()
  return found
}

const linesOf = ({ projection, version, events, seconds, rate, parked, hash, stopped }: Rehearsal): string[] => [
  `${projection} v${version} over ${many(events, 'event')} in ${seconds} s, ${counted(rate)} events/s`,
  `hash ${hash}`,
  ...(stopped === undefined ? [] : [`stopped: ${printable(stopped)}`]),
  parked.length === 0 ? 'no event failed' : `${many(parked.length, 'event')} would be set aside:`,
  ...parked.map(
    ({ position, stream, revision, reason }) =>
      `  ${position}  ${stream}@${revision}  ${printable(reason ?? 'waits behind it')}`,
  ),
]
