// The thread that reads: answers every query of the gateway and the deciders, from the log and the read models.
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { openModelReader, type Reading, servingFile } from '@verbatim/projections/projector'
import { people, sqlitePeopleSearch } from '@verbatim/projections/search'
import { socialGraph, sqliteSocialGraph } from '@verbatim/projections/social-graph'
import { sqliteTimelines, timelines } from '@verbatim/projections/timelines'
import { logReads, openLogReader } from '@verbatim/services/event-log'
import { serveCalls } from '@verbatim/services/threads'
import { type Opened, type Replaceable, replaceable } from '../rebuild/replaceable.ts'
import type { ThreadStart } from '../threads.ts'
import { beating } from '../watching/vitals.ts'

const { folder, ports, vitals } = workerData as ThreadStart<{ folder: string }>
beating(vitals)
const log = openLogReader(join(folder, 'log.db'))
if (ports.log) serveCalls(ports.log, logReads(log))

const openTimelines = async (file: string) => {
  const model = await openModelReader(file)
  const methods = sqliteTimelines({ model, log: { read: async (...page) => log.read(...page) } })
  return { methods, close: () => model.close() }
}
const openSocialGraph = async (file: string) => {
  const { close, ...methods } = await sqliteSocialGraph({ file })
  return { methods, close }
}
const openPeople = async (file: string) => {
  const { close, ...methods } = await sqlitePeopleSearch({ file })
  return { methods, close }
}

type Served = Pick<Replaceable<object>, 'turn' | 'discard'> & { prepare(file: string): Promise<void> }
const models = new Map<string, Served>()
const model = (projection: string): Served => {
  const found = models.get(projection)
  if (!found) throw new Error(`there is no projection ${projection}`)
  return found
}
/** A model's readers at the main thread's port, until a rebuild puts those of another file in their place. */
const serve = async <S extends object>(
  projection: Parameters<typeof servingFile>[1],
  port: 'timelines' | 'socialGraph' | 'people',
  open: (file: string) => Promise<Opened<S>>,
): Promise<void> => {
  const readers = replaceable(await open(servingFile(folder, projection)))
  if (ports[port]) serveCalls(ports[port], readers.methods)
  models.set(projection.name, { ...readers, prepare: async (file) => readers.prepare(await open(file)) })
}
await serve(timelines, 'timelines', openTimelines)
await serve(socialGraph, 'socialGraph', openSocialGraph)
await serve(people, 'people', openPeople)
const reading: Reading = {
  prepare: async (projection, file) => model(projection).prepare(file),
  turn: async (projection) => model(projection).turn(),
  discard: async (projection) => model(projection).discard(),
}
if (ports.models) serveCalls(ports.models, reading)
parentPort?.postMessage('ready')
