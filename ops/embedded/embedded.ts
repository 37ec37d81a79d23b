import { randomFillSync } from 'node:crypto'
import type { MessagePort } from 'node:worker_threads'
import type { Progress, Reading } from '@verbatim/projections/projector'
import { type Relay, relay } from '@verbatim/projections/relay'
import type { PeopleSearch } from '@verbatim/projections/search'
import type { SocialGraph } from '@verbatim/projections/social-graph'
import type { Timelines } from '@verbatim/projections/timelines'
import { ulids } from '@verbatim/protocol'
import { localCommandBus } from '@verbatim/services/command-bus'
import { accountsOver, commandHandler } from '@verbatim/services/commands'
import {
  headOf,
  type LogReads,
  lockDataFolder,
  newHeadSignal,
  type Position,
  reviveLogError,
  sqliteEventLog,
  want,
} from '@verbatim/services/event-log'
import { type Gateway, gateway, type Log, openSockets } from '@verbatim/services/gateway'
import { type IdentityStore, identity } from '@verbatim/services/identity'
import { localLive } from '@verbatim/services/live'
import { callsOver, waitingIn } from '@verbatim/services/threads'
import type { Admin } from './admin.ts'
import { administering } from './administering.ts'
import { refuseHalfRestored } from './half-restored.ts'
import type { Lifetime } from './lifetime.ts'
import { refuseLostEnd } from './lost-end.ts'
import { messageFactsFrom } from './message-facts.ts'
import { knownModels, type ProjectorRequests } from './models.ts'
import { readModels } from './read-models.ts'
import { prepareModels } from './rebuild/before-start.ts'
import { rebuilding } from './rebuild/rebuilding.ts'
import type { Settings } from './settings.ts'
import { startThread } from './threads.ts'
import { newCommits } from './watching/commits.ts'
import { watching } from './watching/watching.ts'

export type EmbeddedParts = {
  readonly settings: Settings
  /** Of this release, for whoever asks which one runs. */
  readonly version: string
  /** Where the entry of a thread lies: `log-writer`, `projector`, `queries`, `identity`, `rebuild`. */
  readonly entryOf: (thread: string) => URL
  /** Of the built client; without it only the API is served. */
  readonly clientFolder: string | undefined
  readonly log: Log
  readonly life: Lifetime
  /** Tells whoever waits for the start a line. */
  readonly say: (line: string) => void
  /** Told when a part that nothing goes on without has ended by itself. */
  readonly failed: (error: Error) => void
}

/** Milliseconds that a thread may take to finish what is under way. */
const PATIENCE = 5_000
const MODELS = { timelines: 'timelines', 'social-graph': 'social_graph', people: 'people' } as const

/** The whole messenger in this process, on one folder. Parts are opened in the order in which they need each other. */
export const embedded = async (
  parts: EmbeddedParts,
): Promise<{ gateway: Gateway; sockets: string; admin: (port: number) => Admin }> => {
  const { settings, entryOf, life, failed } = parts
  const folder = settings.DATA
  const sockets = openSockets(settings.SOCKETS)
  const lock = lockDataFolder(folder)
  life.add('lock', () => lock.release())
  refuseHalfRestored(folder)

  const signal = newHeadSignal()
  const commits = newCommits()
  const writing = await startThread(entryOf('log-writer'), {
    names: ['log'],
    data: { folder, signal, commits },
    failed,
  })
  life.add('log writer', () => writing.stop(PATIENCE))
  const opened = writing.said as { log: string; head: Position }
  refuseLostEnd(knownModels, { folder, ...opened })

  const entry = entryOf('rebuild')
  const outdated = await prepareModels(knownModels, { folder, entry, say: parts.say })
  const models = readModels((position) => want(signal, Math.min(position, headOf(signal))))
  const projecting = await startThread(entryOf('projector'), {
    names: ['progress', 'requests'],
    data: { folder, signal },
    failed,
    young: 16,
  })
  life.add('projector', () => projecting.stop(PATIENCE))
  projecting.ports.progress.on('message', (progress: Progress) => models.heard(progress))

  const names = ['log', 'timelines', 'socialGraph', 'people', 'models'] as const
  const reading = await startThread(entryOf('queries'), { names, data: { folder }, failed })
  life.add('queries', () => reading.stop(PATIENCE))
  const timelines: Timelines = callsOver<Timelines>(reading.ports.timelines)
  const socialGraph: SocialGraph = callsOver<SocialGraph>(reading.ports.socialGraph)
  const people: PeopleSearch = callsOver<PeopleSearch>(reading.ports.people)

  const reads = callsOver<LogReads>(reading.ports.log, reviveLogError)
  const eventLog = sqliteEventLog({
    writer: writing.ports.log,
    reads,
    ...opened,
  })
  life.add('event log', () => eventLog.close())

  const knowing = await startThread(entryOf('identity'), { names: ['store'], data: { folder }, failed })
  life.add('identity', () => knowing.stop(PATIENCE))
  const mint = ulids(Date.now, (into) => randomFillSync(into))
  const store = callsOver<IdentityStore>(knowing.ports.store as MessagePort)
  const bus = localCommandBus((order) => commands.handle(order))
  const who = await identity({
    store,
    accounts: accountsOver({ handle: (order) => bus.send(order) }, eventLog),
    now: Date.now,
    ulid: mint,
    random: (into) => randomFillSync(into),
    issuer: 'verbatim',
    audience: 'verbatim',
    providers: settings.OIDC,
    report: ({ provider, fault, detail }) =>
      parts.log.warn({ provider, fault, detail }, 'a sign-in by a provider failed'),
  })
  life.add('sign-in', () => who.close())

  const commands = commandHandler({
    log: eventLog,
    messageFacts: messageFactsFrom(timelines, models),
    now: Date.now,
    digestKey: who.digestKey,
    groupMembers: settings.GROUP_MEMBERS,
    report: (error) => parts.log.warn({ err: error }, 'a command could not be carried out'),
  })
  life.add('commands', () => commands.close())

  const live = localLive()
  let telling: Relay | undefined
  const edge = gateway({
    sockets,
    identity: who,
    bus,
    live,
    liveAfter: opened.head,
    published: () => telling?.position() ?? opened.head,
    timelines,
    socialGraph,
    people,
    reached: (asked, position, within) =>
      models.reached(
        asked.map((model) => MODELS[model]),
        position,
        within,
      ),
    now: Date.now,
    ids: mint,
    logId: opened.log,
    settings: {
      publicUrl: settings.PUBLIC_URL,
      allowedOrigins: settings.ALLOWED_ORIGINS,
      limits: settings.LIMITS,
      trustProxy: settings.TRUST_PROXY,
      metricsToken: settings.METRICS_TOKEN,
    },
    clientFolder: parts.clientFolder,
    log: parts.log,
    ready: () => watch.ready(),
    metrics: () => watch.metrics(),
  })
  const about = { sockets: sockets.name, since: Date.now(), log: opened.log }
  const watch = watching({
    about: { ...about, version: parts.version },
    folder,
    gateway: () => edge.stats,
    commands: () => commands.stats(),
    models,
    needed: Object.values(MODELS),
    from: opened.head,
    head: () => headOf(signal),
    commits,
    rebuild: () => rebuilds.news(),
    threads: {
      'log-writer': writing.vitals,
      projector: projecting.vitals,
      queries: reading.vitals,
      identity: knowing.vitals,
    },
    ask: { queries: () => reads.head(), identity: () => store.handle('') },
    waiting: () => ({
      queries: [reads, timelines, socialGraph, people].reduce((sum, calls) => sum + waitingIn(calls), 0),
      identity: waitingIn(store),
    }),
    log: parts.log,
  })
  life.add('watching', () => watch.close())
  const relaying = relay({ log: eventLog, live, from: opened.head })
  telling = relaying
  relaying.ended.catch(failed)
  life.add('relay', () => relaying.close())
  life.add('gateway', () => edge.stop())

  const projector = callsOver<ProjectorRequests>(projecting.ports.requests)
  const rebuilds = rebuilding({
    folder,
    entry,
    projecting: projector,
    reading: callsOver<Reading>(reading.ports.models),
    told: ({ rebuilt, error, projections }) =>
      error === undefined
        ? parts.log.info({ rebuilt }, 'a rebuild came to its end')
        : parts.log.warn({ projections, error }, 'a rebuild failed'),
  })
  life.add('rebuild', () => rebuilds.stop())
  if (outdated.length > 0)
    await rebuilds.start(
      outdated.map(({ name }) => name),
      true,
    )
  const admin = (port: number): Admin =>
    administering({
      folder,
      about: { ...about, port },
      head: () => eventLog.head(),
      models,
      projector,
      rebuilds,
      who,
      store,
      log: parts.log,
    })
  return { gateway: edge, sockets: sockets.name, admin }
}
