import { type Db, model, runProjections } from '@verbatim/projections/projector'
import { type Relay, relay } from '@verbatim/projections/relay'
import { type Timelines, timelines, timelinesStore } from '@verbatim/projections/timelines'
import { ulids } from '@verbatim/protocol'
import { localCommandBus } from '@verbatim/services/command-bus'
import { type CommandHandler, commandHandler } from '@verbatim/services/commands'
import type { EventLog } from '@verbatim/services/event-log'
import { gateway } from '@verbatim/services/gateway'
import { localLive } from '@verbatim/services/live'
import { messageFactsFrom } from '../../embedded/message-facts.ts'
import { type ReadModels, readModels } from '../../embedded/read-models.ts'
import { identity, socialGraph } from './cast.ts'
import type { Disk } from './disk.ts'
import type { Luck } from './luck.ts'
import { type Mortality, mortalLog, mortalStore, slowly } from './mortal.ts'
import type { Network } from './network.ts'
import type { Life, Time } from './time.ts'

export type WiringParts = {
  readonly time: Time
  readonly luck: Luck
  readonly disk: Disk
  readonly network: Network
  readonly db: Db
  /** Milliseconds that a batch takes to whoever follows the log, at most. */
  readonly lag: { readonly relay: number; readonly projector: number }
  readonly mortality: Mortality
  now(): number
  /** Of the model in `db`, with this log beside it. */
  readBy(read: EventLog['read']): Timelines
  /** Told of what went wrong, and of a part that ended by itself. */
  failed(error: unknown): void
}

export type Wired = {
  readonly commands: CommandHandler
  readonly models: ReadModels
  readonly telling: Relay
  /** The projector, which may die alone. */
  project(): Life
  readonly projecting: Life
}

/** One process, wired as `ops/embedded` wires it: as long as it lives. */
export const wired = async (process: Life, parts: WiringParts): Promise<Wired> => {
  const { luck, disk, network, lag, now } = parts
  const { after, pause } = process
  const log = mortalLog(
    disk.openedBy(process, () => lag.relay),
    process,
    parts.mortality,
  )
  const from = await log.head()
  const models = readModels(undefined, (milliseconds, run) => after(milliseconds, 'waits no longer for a model', run))
  const project = projecting(process, models, parts)
  const first = project()
  const reading = slowly(
    parts.readBy((...page) => log.read(...page)),
    (what) => pause(luck.delay(15), what),
  )
  const bus = localCommandBus((order) => commands.handle(order))
  const commands = commandHandler({
    log,
    messageFacts: messageFactsFrom(reading, models),
    now,
    digestKey: new Uint8Array(32).fill(7),
    groupMembers: 250,
    wait: (milliseconds) => pause(milliseconds, 'tries a command again'),
    // Small, so that a short run has snapshots, and some forget at once what they have loaded.
    snapshotEvery: 20,
    cacheBytes: luck.oneOf([0, 64 * 1024 * 1024]) ?? 0,
  })
  const live = localLive()
  let telling: Relay | undefined
  const edge = gateway({
    sockets: network.adapterFor(process),
    identity,
    bus,
    live,
    liveAfter: from,
    published: () => telling?.position() ?? from,
    timelines: reading,
    socialGraph,
    people: { find: async () => ({ position: from, value: [] }) },
    reached: (_, position, within) => models.reached(['timelines'], position, within),
    now,
    timers: {
      // Timers may be late: a look every other millisecond would be most of what happens.
      pause: (milliseconds) => pause(Math.max(20, milliseconds), 'looks again'),
      every: (milliseconds, run) => {
        const again = (): void => {
          run()
          after(milliseconds, 'has a second more', again)
        }
        return after(milliseconds, 'has a second more', again)
      },
    },
    ids: ulids(now, (into) => into.fill(luck.below(256))),
    logId: log.log,
    settings: { allowedOrigins: [], limits: false, trustProxy: false },
    log: {
      info: () => undefined,
      warn: () => undefined,
      error: ({ err }: { err?: unknown }) => parts.failed(err),
    },
    metrics: async () => '',
    ready: async () => ({ ready: true, parts: {} }),
  })
  telling = relay({ log, live, from })
  telling.ended.catch(parts.failed)
  await edge.listen('simulation', 0)
  return { commands, models, telling, project, projecting: first }
}

const projecting =
  (process: Life, models: ReadModels, { time, luck, disk, db, lag, mortality }: WiringParts) =>
  (): Life => {
    const life = time.life('projector')
    process.onEnd(() => life.end())
    runProjections({
      models: [model(timelines, mortalStore({ store: timelinesStore(db), db }, life, mortality))],
      log: disk.openedBy(life, () => lag.projector),
      onProgress: (progress) => life.alive && models.heard(progress),
      pause: (milliseconds) => life.pause(milliseconds, 'tries again'),
      giveWay: () => life.pause(luck.delay(lag.projector), 'gives way'),
      batch: 1 + luck.below(12),
    })
    return life
  }
