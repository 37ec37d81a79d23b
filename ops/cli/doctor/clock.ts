import { durationOf } from '../progress.ts'
import { timeOf } from '../text.ts'
import { type Finding, fine, look, wrong } from './finding.ts'

/** Milliseconds that two clocks may differ by without being wrong. */
const TOLERANCE = 2_000

/** @param times of the last events, in the order of the log; milliseconds since the epoch */
export const clock = (times: readonly number[], now: number): Finding => {
  const shown = timeOf(now)
  const latest = times.reduce((greatest, at) => Math.max(greatest, at), Number.NEGATIVE_INFINITY)
  const advice = 'run a time service such as chrony; messages keep their order, but show these times'
  if (latest > now + TOLERANCE)
    return wrong(
      'clock',
      `${shown}, which is ${durationOf(Math.round((latest - now) / 1_000))} before the last event`,
      advice,
    )
  const steps = times.filter((at, n) => n > 0 && at < (times[n - 1] ?? at) - TOLERANCE).length
  return steps > 0
    ? look('clock', `it stepped back ${steps} times within the last ${times.length} events`, advice)
    : fine('clock', shown)
}
