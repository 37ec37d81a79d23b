import {
  type Db,
  inMemory,
  type ModelStore,
  model,
  modelReader,
  type ProjectedLog,
  runProjections,
} from '@verbatim/projections/projector'
import { type Relay, relay } from '@verbatim/projections/relay'
import {
  sqliteTimelines,
  type Timelines,
  type TimelineWrite,
  timelines,
  timelinesStore,
} from '@verbatim/projections/timelines'
import { ulids } from '@verbatim/protocol'
import { noon } from '@verbatim/protocol/examples'
import { localCommandBus } from '@verbatim/services/command-bus'
import { commandHandler } from '@verbatim/services/commands'
import { type EventLog, LogUnavailable } from '@verbatim/services/event-log'
import { gateway } from '@verbatim/services/gateway'
import { localLive } from '@verbatim/services/live'
import { messageFactsFrom } from '../../embedded/message-facts.ts'
import { type ReadModels, readModels } from '../../embedded/read-models.ts'
import { cast, identity, sessionOf, socialGraph } from './cast.ts'
import type { Disk } from './disk.ts'
import type { Luck } from './luck.ts'
import type { Network } from './network.ts'
import type { Life, Time } from './time.ts'

export type ServerParts = {
  readonly time: Time
  readonly luck: Luck
  readonly disk: Disk
  readonly network: Network
  /** A part has ended that nothing goes on without. */
  readonly failed: (what: string) => void
}
export type Server = ReturnType<typeof serverOf>

type Running = {
  readonly models: ReadModels
  readonly telling: Relay
  project(): Life
  projecting: Life
}

/** A process on the disk, wired as the embedded one is, and started again whenever it has died. */
export const serverOf = ({ time, luck, disk, network, failed }: ServerParts) => {
  const clock = { ahead: 0 }
  const faults = { dyingAtCommit: 0, dyingAtAppend: 0 }
  /** Milliseconds that a batch takes to whoever follows the log. */
  const lag = { relay: 30, projector: 80 }
  const db: Db = inMemory()
  let process: Life | undefined
  let running: Running | undefined
  let starts = 0

  const now = (): number => noon + time.now() + clock.ahead

  /** Dies right behind a transaction, in the moment in which nothing but the disk knows of it. */
  const mortal = (store: ModelStore<TimelineWrite>, life: Life): ModelStore<TimelineWrite> => ({
    ...store,
    apply(steps, log) {
      const applied = store.apply(steps, log)
      if (!luck.happens(faults.dyingAtCommit)) return applied
      // What the dying process still writes is taken back when the next one starts.
      db.exec('BEGIN')
      time.write('dies behind a transaction')
      crash()
      return life.lived(applied)
    },
    close: async () => undefined,
  })

  let read: EventLog['read'] = async () => []
  let reader: Timelines | undefined
  /** Preparing its statements takes longer than all that a process asks: all of them use the same. */
  const readBy = (from: EventLog['read']): Timelines => {
    read = from
    reader ??= sqliteTimelines({ model: modelReader(db), log: { read: (...page) => read(...page) } })
    return reader
  }

  /** Dies while an append is under way. */
  const mortalLog = (log: EventLog, life: Life): EventLog => ({
    ...log,
    append(...parts) {
      if (luck.happens(faults.dyingAtAppend)) life.after(luck.delay(40), 'dies while it appends', crash)
      return log.append(...parts)
    },
  })

  const start = (): void => {
    const mine = time.life(`server ${++starts}`)
    process = mine
    if (db.inTransaction) db.exec('ROLLBACK')
    run(mine).catch((error) => {
      passing(error)
      crash()
    })
  }

  const run = async (process: Life): Promise<void> => {
    const { after, pause } = process
    const log = mortalLog(
      disk.openedBy(process, () => lag.relay),
      process,
    )
    const from = await log.head()
    const models = readModels(undefined, (milliseconds, run) => after(milliseconds, 'waits no longer for a model', run))

    const project = (): Life => {
      const life = time.life(`projector ${starts}`)
      process.onEnd(() => life.end())
      const projected: ProjectedLog = disk.openedBy(life, () => lag.projector)
      runProjections({
        models: [model(timelines, mortal(timelinesStore(db), life))],
        log: projected,
        onProgress: (progress) => life.alive && models.heard(progress),
        pause: (milliseconds) => life.pause(milliseconds, 'tries again'),
        giveWay: () => life.pause(luck.delay(lag.projector), 'gives way'),
        batch: 1 + luck.below(12),
      })
      return life
    }
    const projecting = project()
    const reading = slowly(
      readBy((...page) => log.read(...page)),
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
        every(milliseconds, run) {
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
      log: { info: () => undefined, warn: () => undefined, error: ({ err }: { err?: unknown }) => passing(err) },
      metrics: async () => '',
      ready: async () => ({ ready: true, parts: {} }),
    })
    telling = relay({ log, live, from })
    telling.ended.catch((error) => failed(`the relay ended: ${error}`))
    running = { models, telling, project, projecting }
    await edge.listen('simulation', 0)
    for (const { id, handle, name } of cast)
      if (starts === 1)
        await bus.send({
          command: { id, type: 'Register', handle: handle ?? '', name: name ?? '' },
          by: id,
          session: sessionOf(id),
        })
  }

  /** What the log is to blame for will pass; nothing else is expected to fail. */
  const passing = (error: unknown): void => {
    if (!(error instanceof LogUnavailable)) failed(error instanceof Error ? `${error.stack}` : String(error))
  }

  const crash = (): void => {
    const died = process
    if (!died) return
    process = running = undefined
    died.end()
    disk.orphan(died)
    time.after(100 + luck.delay(2_000), 'the server starts again', start)
  }

  return {
    db,
    clock,
    faults,
    lag,
    start,
    crash,
    starts: (): number => starts,
    restartProjector(): void {
      if (!running) return
      running.projecting.end()
      running.projecting = running.project()
    },
    /** Everything that is written was told and is in the model. */
    isAtRest: (): boolean =>
      running !== undefined &&
      disk.writing() === 0 &&
      running.telling.position() >= disk.head() &&
      (running.models.state().timelines?.position ?? -1) >= disk.head(),
    /** Asked without a process in between. */
    asked: () => readBy((...page) => disk.read.read(...page)),
  }
}

/** Each question takes its time on the way, and so does its answer. */
const slowly = <T extends object>(asked: T, pause: (what: string) => Promise<void>): T =>
  new Proxy(asked, {
    get(target, name, receiver) {
      const method: unknown = Reflect.get(target, name, receiver)
      if (typeof method !== 'function') return method
      return async (...args: unknown[]) => {
        await pause(`asks for ${String(name)}`)
        const answer: unknown = await Reflect.apply(method, target, args)
        await pause(`knows ${String(name)}`)
        return answer
      }
    },
  })
