import { existsSync } from 'node:fs'
import { openModelReader } from '@verbatim/projections/projector'
import type { LogReader } from '@verbatim/services/event-log'
import type { ServerStatus } from '../../embedded/admin.ts'
import { type KnownModel, knownModels } from '../../embedded/models.ts'
import { type Adds, addCommand, type Cli, type Options, tell } from '../cli.ts'
import { exits } from '../failure.ts'
import { bytesOf, existingLog, openedLog } from '../files.ts'
import { durationOf } from '../progress.ts'
import { type SilentServer, serverNow, silentWords } from '../server.ts'
import { columns, counted, many, sizeOf, timeOf } from '../text.ts'

/** `verbatim status`: how far the log and each of its models are. */
export const status: Adds = (program, cli) => {
  addCommand(program, 'status', 'Shows the head of the log, and how far each read model has come', 'status').action(
    async (options: Options) => {
      const found = await statusOf(cli)
      tell(cli, options, found, () => linesOf(found, cli.now()))
      if (found.silent) cli.endWith(exits.busy)
    },
  )
}

type ModelStatus = {
  readonly name: string
  readonly version: number
  readonly position: number
  /** How many positions it is behind the head. */
  readonly lag: number
  readonly state: string
  /** Streams that hold a failed event, and events that are set aside. */
  readonly parkedStreams: number
  readonly parkedEvents: number
  readonly bytes: number
  readonly reason?: string
}
type Status = {
  readonly folder: string
  readonly server: Omit<ServerStatus, 'models' | 'head' | 'log'> | null
  /** A process has the folder and does not answer. What follows is read from the files. */
  readonly silent?: Pick<SilentServer, 'pid' | 'connected'>
  readonly log: { readonly id: string; readonly head: number; readonly last: string | null; readonly bytes: number }
  readonly models: readonly ModelStatus[]
}

const statusOf = async ({ folder }: Cli): Promise<Status> => {
  const log = openedLog(folder)
  try {
    const server = await serverNow(folder)
    const silent = server && 'silent' in server ? server : undefined
    const told = server && 'silent' in server ? undefined : server
    const state = silent ? 'not told' : 'at rest'
    const models = await Promise.all(knownModels.map((model) => modelStatus(model, { folder, log, told, state })))
    return {
      folder,
      server: told ? processOf(told) : null,
      ...(silent && { silent: { pid: silent.pid, connected: silent.connected } }),
      log: { id: log.log, head: log.head(), last: lastTime(log), bytes: bytesOf(existingLog(folder)) },
      models,
    }
  } finally {
    log.close()
  }
}

const processOf = ({ pid, node, sockets, port, since }: ServerStatus) => ({ pid, node, sockets, port, since })

type Around = {
  readonly folder: string
  readonly log: LogReader
  readonly told: ServerStatus | undefined
  readonly state: string
}
const modelStatus = async (
  model: KnownModel,
  { folder, log, told, state: otherwise }: Around,
): Promise<ModelStatus> => {
  const { name, version } = model
  const file = model.file(folder)
  const read = await readModel(file)
  const news = told?.models[name]
  const position = read.position
  const state = read.state ?? (read.log !== undefined && read.log !== log.log ? 'of another log' : otherwise)
  return {
    name,
    version,
    position,
    lag: Math.max(0, log.head() - position),
    state: news?.state ?? state,
    parkedStreams: read.parkedStreams,
    parkedEvents: read.parkedEvents,
    bytes: bytesOf(file),
    ...(news?.reason !== undefined && { reason: news.reason }),
  }
}

type Read = Pick<ModelStatus, 'position' | 'parkedStreams' | 'parkedEvents'> & {
  readonly log?: string | undefined
  readonly state?: string
}
const readModel = async (file: string): Promise<Read> => {
  const nothing = { position: 0, parkedStreams: 0, parkedEvents: 0 }
  if (!existsSync(file)) return { ...nothing, state: 'not built' }
  try {
    const reader = await openModelReader(file, 0)
    try {
      const aside = reader.setAside()
      const parkedStreams = new Set(aside.map(({ stream }) => stream)).size
      return { position: reader.position(), log: reader.log(), parkedStreams, parkedEvents: aside.length }
    } finally {
      reader.close()
    }
  } catch {
    return { ...nothing, state: 'cannot be read' }
  }
}

const lastTime = (log: LogReader): string | null => {
  try {
    const [last] = log.readAll(Math.max(0, log.head() - 1), 1)
    return last ? new Date(last.at).toISOString() : null
  } catch {
    return null
  }
}

const serverLine = ({ server, silent }: Status, now: number): string => {
  if (silent) return `server  ${silentWords(silent)}: npx verbatim doctor`
  if (!server) return 'server  not running'
  const up = durationOf(Math.round((now - server.since) / 1_000))
  return `server  pid ${server.pid} on port ${server.port}, up ${up}, ${server.sockets} on Node ${server.node}`
}

const linesOf = (found: Status, now: number): string[] => [
  `folder  ${found.folder}`,
  serverLine(found, now),
  `log     ${found.log.id}, head ${counted(found.log.head)}${found.log.last ? ` of ${timeOf(Date.parse(found.log.last))}` : ''}, ${sizeOf(found.log.bytes)}`,
  '',
  ...columns([
    ['model', 'version', 'position', 'lag', 'state', 'parked', 'size'],
    ...found.models.map((model) => [
      model.name,
      `v${model.version}`,
      counted(model.position),
      counted(model.lag),
      model.reason === undefined ? model.state : `${model.state}: ${model.reason}`,
      model.parkedEvents === 0 ? '0' : `${many(model.parkedEvents, 'event')} of ${many(model.parkedStreams, 'stream')}`,
      sizeOf(model.bytes),
    ]),
  ]),
]
