import type { IntervalHistogram } from 'node:perf_hooks'
import type { CommandHandlerStats } from '@verbatim/services/commands'
import type { Position } from '@verbatim/services/event-log'
import type { GatewayStats } from '@verbatim/services/gateway'
import { exposition, type Sample } from '@verbatim/services/metrics'
import type { ReadModels } from '../read-models.ts'
import type { RebuildNews } from '../rebuild/rebuilding.ts'
import { type Commits, commitsIn } from './commits.ts'
import { type FigureName, figures, type LabelsOf } from './figures.ts'
import type { Lag } from './lag.ts'
import { type Vitals, vitalOf } from './vitals.ts'

/** Where the figures come from. Everything is read when it is asked for: nothing is counted here. */
export type MetricsParts = {
  /** `since` in milliseconds since the epoch. */
  readonly about: { readonly version: string; readonly sockets: string; readonly since: number }
  readonly gateway: () => GatewayStats
  readonly commands: () => CommandHandlerStats
  readonly models: Pick<ReadModels, 'state'>
  /** Of the last rebuild. */
  readonly rebuild: () => RebuildNews | undefined
  readonly head: () => Position
  readonly lag: Lag
  readonly commits: Commits
  readonly threads: Readonly<Record<string, Vitals>>
  /** Calls over to a thread that are not answered yet. */
  readonly waiting: () => Readonly<Record<string, number>>
  readonly delay: Pick<IntervalHistogram, 'percentile' | 'max' | 'reset'>
  /** Milliseconds that the delay was sampled at: a timer that is not late has them in it. */
  readonly resolution: number
  readonly free: () => Promise<number>
  readonly now: () => number
}

type Samples = { readonly [N in FigureName]: readonly (Sample & { readonly labels?: LabelsOf<N> })[] }

/** All figures as text. What is in the table and not told here does not compile. */
export const metrics = async (parts: MetricsParts): Promise<string> => {
  const told: Samples = {
    ...ofProcess(parts),
    ...ofGateway(parts),
    ...ofCommands(parts),
    ...ofRebuild(parts),
    ...(await ofStores(parts)),
  }
  return exposition(
    (Object.keys(figures) as FigureName[]).map((name) => ({ name, ...figures[name], samples: told[name] })),
  )
}

const ofProcess = ({ about, threads, delay, resolution, now }: MetricsParts) => {
  const { user, system } = process.cpuUsage()
  const late = (nanoseconds: number) => Math.max(0, nanoseconds / 1e9 - resolution / 1_000)
  const delays = [
    { labels: { quantile: '0.5' }, value: late(delay.percentile(50)) },
    { labels: { quantile: '0.99' }, value: late(delay.percentile(99)) },
    { labels: { quantile: '1' }, value: late(delay.max) },
  ]
  delay.reset()
  const vitals = Object.entries(threads).map(([thread, each]) => ({ labels: { thread }, ...vitalOf(each) }))
  return {
    verbatim_info: [{ value: 1, labels: { version: about.version, node: process.version, sockets: about.sockets } }],
    process_start_time_seconds: [{ value: about.since / 1_000 }],
    process_cpu_seconds_total: [{ value: (user + system) / 1e6 }],
    process_resident_memory_bytes: [{ value: process.memoryUsage.rss() }],
    verbatim_event_loop_delay_seconds: delays,
    verbatim_thread_busy_seconds_total: vitals.map(({ labels, busy: value }) => ({ labels, value })),
    verbatim_thread_silent_seconds: vitals.map(({ labels, beat }) => ({
      labels,
      value: Math.max(0, now() - beat) / 1_000,
    })),
    verbatim_thread_heap_bytes: vitals.map(({ labels, heap: value }) => ({ labels, value })),
    verbatim_thread_external_bytes: vitals.map(({ labels, outside: value }) => ({ labels, value })),
  } satisfies Partial<Samples>
}

const ofGateway = ({ gateway }: MetricsParts) => {
  const stats = gateway()
  const commands = (
    [
      ['accepted', stats.accepted],
      ['refused', stats.refused],
    ] as const
  ).flatMap(([outcome, types]) => [...types].map(([type, value]) => ({ labels: { type, outcome }, value })))
  return {
    verbatim_sockets: [{ value: stats.sockets }],
    verbatim_sockets_signed_in: [{ value: stats.signedIn }],
    verbatim_people: [{ value: stats.people }],
    verbatim_sockets_lagging: [{ value: stats.lagging }],
    verbatim_sockets_closed_total: [...stats.closed].map(([why, value]) => ({ labels: { why }, value })),
    verbatim_sockets_resumed_total: [{ value: stats.resumed }],
    verbatim_sockets_resuming: [{ value: stats.resuming }],
    verbatim_resets_total: [{ value: stats.resets }],
    verbatim_frames_malformed_total: [{ value: stats.malformed }],
    verbatim_frames_too_fast_total: [{ value: stats.tooFast }],
    verbatim_frames_passed_over_total: [{ value: stats.passedOver }],
    verbatim_commands_total: commands,
    verbatim_refusals_total: [...stats.reasons].map(([reason, value]) => ({ labels: { reason }, value })),
    verbatim_ack_seconds: [{ value: stats.seconds }],
    verbatim_frames_published_total: [{ value: stats.published }],
    verbatim_frames_delivered_total: [{ value: stats.delivered }],
    verbatim_http_requests_total: [...stats.requests].map(([status, value]) => ({ labels: { status }, value })),
    verbatim_failures_total: [{ value: stats.failures }],
  } satisfies Partial<Samples>
}

const ofCommands = ({ commands }: MetricsParts) => {
  const { repeats, unanswered, failures, snapshots, cacheBytes, keys } = commands()
  return {
    verbatim_command_repeats_total: [{ value: repeats }],
    verbatim_commands_unanswered: [{ value: unanswered }],
    verbatim_append_failures_total: [{ value: failures }],
    verbatim_snapshots_total: [{ value: snapshots }],
    verbatim_states_bytes: [{ value: cacheBytes }],
    verbatim_states: [{ value: keys }],
  } satisfies Partial<Samples>
}

/** The models of one rebuild are filled together, so all are as far as the one that is furthest behind. */
const ofRebuild = ({ rebuild }: MetricsParts) => {
  const news = rebuild()
  const ofEach = (value: number) => (news?.projections ?? []).map((projection) => ({ labels: { projection }, value }))
  const { phase = 'done', done = 0, total = 0 } = news ?? {}
  return {
    verbatim_rebuild_running: ofEach(phase === 'done' || phase === 'failed' ? 0 : 1).map(({ labels, value }) => ({
      labels: { ...labels, phase },
      value,
    })),
    verbatim_rebuild_done_events: ofEach(done),
    verbatim_rebuild_log_events: ofEach(total),
  } satisfies Partial<Samples>
}

const ofStores = async ({ models, head: headOf, lag, commits, waiting, free }: MetricsParts) => {
  const head = headOf()
  const { seconds, events, failures, checkpointFailures } = commitsIn(commits)
  const projections = Object.entries(models.state()).map(([projection, state]) => ({ projection, ...state }))
  const stuck = (state: string) => state === 'stopped' || state === 'upgrade-needed'
  return {
    verbatim_log_head: [{ value: head }],
    verbatim_log_commit_seconds: [{ value: seconds }],
    verbatim_log_commit_events: [{ value: events }],
    verbatim_log_commit_failures_total: Object.entries(failures).map(([kind, value]) => ({ labels: { kind }, value })),
    verbatim_log_checkpoint_failures_total: [{ value: checkpointFailures }],
    verbatim_disk_free_bytes: [{ value: await free().catch(() => Number.NaN) }],
    verbatim_projection_position: projections.map(({ projection, position: value }) => ({
      labels: { projection },
      value,
    })),
    verbatim_projection_behind_events: projections.map(({ projection, position }) => ({
      labels: { projection },
      value: Math.max(0, head - position),
    })),
    verbatim_projection_behind_seconds: projections.map(({ projection, position }) => ({
      labels: { projection },
      value: lag.behind(position, head),
    })),
    verbatim_projection_running: projections.map(({ projection, state }) => ({
      labels: { projection, state },
      value: stuck(state) ? 0 : 1,
    })),
    verbatim_projection_parked_streams: projections.map(({ projection, parked: value }) => ({
      labels: { projection },
      value,
    })),
    verbatim_calls_waiting: Object.entries(waiting()).map(([thread, value]) => ({ labels: { thread }, value })),
  } satisfies Partial<Samples>
}
