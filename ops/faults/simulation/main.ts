// One process that runs seeds, one after another, until one of them goes wrong. Asked for by its parent as JSON.
import { type Outcome, simulate } from './simulate.ts'

export type Wanted = {
  readonly from: number
  readonly seeds: number
  /** Milliseconds after which no further one is begun. */
  readonly within: number
  /** Tells everything that happens. */
  readonly aloud?: boolean
}
/** What is written as the last line. */
export type Ran = {
  readonly ran: number
  readonly totals: Totals
  readonly failed: Outcome | undefined
  readonly last: string
}
export type Totals = { entries: number; events: number; starts: number; lasted: number }

const { from, seeds, within, aloud = false } = JSON.parse(process.argv[2] ?? '{}') as Wanted
const totals: Totals = { entries: 0, events: 0, starts: 0, lasted: 0 }
const until = performance.now() + within
let ran = 0
let failed: Outcome | undefined
let last = ''
for (; ran < seeds && !failed && performance.now() < until; ran++) {
  const outcome = await simulate(from + ran, aloud ? (line) => console.log(line) : undefined)
  for (const figure of ['entries', 'events', 'starts', 'lasted'] as const) totals[figure] += outcome[figure]
  last = outcome.hash
  if (outcome.wrong.length > 0) failed = outcome
}
console.log(JSON.stringify({ ran, totals, failed, last } satisfies Ran))
process.exit(0)
