import { readFileSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import { commitsIn, countingCommits, newCommits } from './commits.ts'
import { figures, figuresTable } from './figures.ts'
import { lag } from './lag.ts'
import { type MetricsParts, metrics } from './metrics.ts'
import { beating, newVitals, vitalOf } from './vitals.ts'

const counted = { bounds: [1], counts: [2, 1], sum: 4 }
const parts = (): MetricsParts => ({
  about: { version: '1.2.3', sockets: 'ws', since: 5_000 },
  gateway: () => ({
    commands: 0,
    passedOver: 1,
    malformed: 2,
    tooFast: 3,
    resumed: 4,
    resuming: 5,
    resets: 6,
    published: 7,
    delivered: 8,
    failures: 9,
    sockets: 10,
    signedIn: 11,
    people: 12,
    lagging: 13,
    openCommands: 0,
    accepted: new Map([['SendMessage', 14]]),
    refused: new Map([['SendMessage', 15]]),
    reasons: new Map([['too-fast', 16]]),
    requests: new Map([['2xx', 17]]),
    closed: new Map([['gone', 18]]),
    seconds: counted,
  }),
  commands: () => ({
    unanswered: 20,
    keys: 21,
    cacheBytes: 22,
    accepted: 0,
    refused: 0,
    repeats: 23,
    events: 0,
    failures: 24,
    snapshots: 25,
  }),
  models: {
    state: () => ({
      timelines: { position: 90, state: 'live', parked: 1 },
      people: { position: 100, state: 'stopped', parked: 0, reason: 'corrupt' },
    }),
  },
  rebuild: () => ({
    projections: ['timelines', 'people'],
    phase: 'filling',
    projection: 'people',
    done: 40,
    total: 100,
    rebuilt: [],
  }),
  head: () => 100,
  lag: lag(() => 0),
  commits: newCommits(),
  threads: { main: newVitals() },
  waiting: () => ({ queries: 30, identity: 31 }),
  delay: { percentile: (of) => of * 1e6, max: 520e6, reset: () => undefined },
  resolution: 20,
  free: async () => 1e9,
  now: () => 4_000,
})

describe('Figures', () => {
  it('OP70 the table on the page is the one that the code prints', () => {
    const page = readFileSync(new URL('../../../docs/metrics.md', import.meta.url), 'utf8')
    expect(page.split('\n\n').at(-1)).toBe(`${figuresTable()}\n`)
  })

  it('OP70 each is told with its type and what it says, and with the labels that the table names', async () => {
    const text = await metrics(parts())
    for (const [name, figure] of Object.entries(figures)) {
      const { type, doc } = figure
      const labels: readonly string[] = 'labels' in figure ? figure.labels : []
      expect(text).toContain(`# HELP ${name} ${doc}\n# TYPE ${name} ${type}\n`)
      const samples = text.split('\n').filter((line) => new RegExp(`^${name}(_bucket|_sum|_count)?[ {]`).test(line))
      expect([name, samples.length]).not.toEqual([name, 0])
      for (const sample of samples) {
        const told = [...sample.matchAll(/(\w+)="/g)].map(([, label]) => label).filter((label) => label !== 'le')
        expect([name, told]).toEqual([name, labels])
      }
    }
    expect(text.match(/^# TYPE /gm)).toHaveLength(Object.keys(figures).length)
  })

  it('OP70 every line is one that Prometheus reads, and every name is what its type asks for', async () => {
    const sample = /^[a-z_]+(\{[a-z]+="[^"\\\n]*"(,[a-z]+="[^"\\\n]*")*\})? (-?\d+(\.\d+)?(e[+-]\d+)?|NaN|[+-]Inf)$/
    for (const line of (await metrics(parts())).trimEnd().split('\n'))
      if (!line.startsWith('# ')) expect(line).toMatch(sample)
    for (const [name, { type, doc }] of Object.entries(figures)) {
      expect([name, name.endsWith('_total')]).toEqual([name, type === 'counter'])
      expect(doc).toMatch(/^[^|\n]+\.$/)
    }
  })

  it('OP71 tells what its parts count, each under its own name', async () => {
    const text = await metrics(parts())
    for (const line of [
      `verbatim_info{version="1.2.3",node="${process.version}",sockets="ws"} 1`,
      'process_start_time_seconds 5',
      'verbatim_commands_total{type="SendMessage",outcome="accepted"} 14',
      'verbatim_commands_total{type="SendMessage",outcome="refused"} 15',
      'verbatim_refusals_total{reason="too-fast"} 16',
      'verbatim_ack_seconds_bucket{le="1"} 2',
      'verbatim_ack_seconds_bucket{le="+Inf"} 3',
      'verbatim_ack_seconds_sum 4',
      'verbatim_projection_behind_events{projection="timelines"} 10',
      'verbatim_projection_running{projection="timelines",state="live"} 1',
      'verbatim_projection_running{projection="people",state="stopped"} 0',
      'verbatim_projection_parked_streams{projection="timelines"} 1',
      'verbatim_calls_waiting{thread="queries"} 30',
      'verbatim_event_loop_delay_seconds{quantile="1"} 0.5',
      'verbatim_disk_free_bytes 1000000000',
    ])
      expect(text.split('\n')).toContain(line)
  })

  it('OP81 tells of each model that is rebuilt what is done, of how much, and when it has ended', async () => {
    const linesOf = async (rebuild: MetricsParts['rebuild']) =>
      (await metrics({ ...parts(), rebuild })).split('\n').filter((line) => line.startsWith('verbatim_rebuild_'))
    expect(await linesOf(parts().rebuild)).toEqual([
      'verbatim_rebuild_running{projection="timelines",phase="filling"} 1',
      'verbatim_rebuild_running{projection="people",phase="filling"} 1',
      'verbatim_rebuild_done_events{projection="timelines"} 40',
      'verbatim_rebuild_done_events{projection="people"} 40',
      'verbatim_rebuild_log_events{projection="timelines"} 100',
      'verbatim_rebuild_log_events{projection="people"} 100',
    ])
    const ended = { projections: ['people'], done: 100, total: 100, rebuilt: [] }
    for (const phase of ['done', 'failed'] as const)
      expect(await linesOf(() => ({ ...ended, phase }))).toEqual([
        `verbatim_rebuild_running{projection="people",phase="${phase}"} 0`,
        'verbatim_rebuild_done_events{projection="people"} 100',
        'verbatim_rebuild_log_events{projection="people"} 100',
      ])
    expect(await linesOf(() => undefined)).toEqual([])
  })

  it('OP71 a disk that cannot be asked costs its own figure only', async () => {
    const text = await metrics({ ...parts(), free: () => Promise.reject(new Error('gone')) })
    expect(text).toContain('verbatim_disk_free_bytes NaN\n')
    expect(text).toContain('verbatim_log_head 100\n')
  })
})

describe('Threads', () => {
  it('OP78 commits that one side counts are read on the other', () => {
    const commits = newCommits()
    const { onCommit, onFailure, onCheckpointFailure } = countingCommits(structuredClone(commits))
    onCommit(3, 4)
    onCommit(700, 0.3)
    onFailure(true)
    onFailure(false)
    onFailure(false)
    onCheckpointFailure()
    const { seconds, events, failures, checkpointFailures } = commitsIn(commits)
    expect(seconds.sum).toBeCloseTo(0.004_3)
    expect([events.sum, events.counts.reduce((sum, count) => sum + count)]).toEqual([703, 2])
    expect(failures).toEqual({ 'disk-full': 1, other: 2 })
    expect(checkpointFailures).toBe(1)
  })

  it('OP75 a thread beats as long as it turns, by hand too, and tells how busy and how large it is', () => {
    vi.useFakeTimers({ now: 1_000 })
    const vitals = newVitals()
    expect(vitalOf(vitals).beat).toBe(0)
    const heart = beating(vitals)
    expect(vitalOf(vitals)).toMatchObject({ beat: 1_000 })
    expect(vitalOf(vitals).heap).toBeGreaterThan(1e6)
    vi.advanceTimersByTime(600)
    expect(vitalOf(vitals).beat).toBe(1_500)
    heart.beat()
    expect(vitalOf(vitals).beat).toBe(1_600)
    heart.stop()
    vi.advanceTimersByTime(5_000)
    expect(vitalOf(vitals).beat).toBe(1_600)
    vi.useRealTimers()
  })
})
