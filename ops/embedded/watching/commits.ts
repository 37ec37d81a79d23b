import { type Counted, countedIn, histogram, memoryFor } from '@verbatim/services/metrics'

/** The commits of the log, counted by the thread that makes them and read by the main one. */
export type Commits = { readonly seconds: Float64Array; readonly events: Float64Array; readonly failures: Float64Array }
const [FULL, OTHER, CHECKPOINT] = [0, 1, 2]

/** From a disk with a cache of its own to one that is dying. */
const SECONDS = [0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5]
const EVENTS = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000]

export const newCommits = (): Commits => ({
  seconds: memoryFor(SECONDS),
  events: memoryFor(EVENTS),
  failures: new Float64Array(new SharedArrayBuffer(3 * Float64Array.BYTES_PER_ELEMENT)),
})

/** For the thread that commits. */
export const countingCommits = ({ seconds, events, failures }: Commits) => {
  const took = histogram(SECONDS, seconds)
  const held = histogram(EVENTS, events)
  const failed = (kind: number): void => {
    failures[kind] = (failures[kind] ?? 0) + 1
  }
  return {
    onCommit(count: number, milliseconds: number): void {
      took(milliseconds / 1_000)
      held(count)
    },
    onFailure: (diskFull: boolean): void => failed(diskFull ? FULL : OTHER),
    onCheckpointFailure: (): void => failed(CHECKPOINT),
  }
}

export const commitsIn = (
  commits: Commits,
): {
  seconds: Counted
  events: Counted
  failures: { 'disk-full': number; other: number }
  checkpointFailures: number
} => ({
  seconds: countedIn(SECONDS, commits.seconds),
  events: countedIn(EVENTS, commits.events),
  failures: { 'disk-full': commits.failures[FULL] ?? 0, other: commits.failures[OTHER] ?? 0 },
  checkpointFailures: commits.failures[CHECKPOINT] ?? 0,
})
