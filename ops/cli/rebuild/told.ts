import type { Rebuilt } from '@verbatim/projections/projector'
import { durationOf } from '../progress.ts'
import { counted, many, printable, sizeOf } from '../text.ts'
import type { Plan } from './plan.ts'

/** A rebuild that was not done, for people. */
export const linesOfPlan = ({ events, rate, sample, seconds, models }: Plan): string[] => [
  ...models.map(
    ({ projection, serves, next, bytes, fit }) =>
      `${projection}: would fill ${fileOf(projection, next)} beside ${fileOf(projection, serves)}${
        fit === 'missing' ? ', which is not built yet' : `, about ${sizeOf(bytes)}`
      }${fit === 'unfit' ? ', which this version cannot serve' : ''}`,
  ),
  `${many(events, 'event')} at ${counted(rate)}/s take about ${durationOf(seconds)} (measured on the first ${counted(sample)}); up to twice that while people write`,
  'then the two are compared; the new one serves if they say the same, and the old one is kept for --rollback',
  'nothing was done: --apply does it',
]

/** What became of one projection, for people. */
export const linesOfRebuilt = ({ projection, switched, from, to, comparison }: Rebuilt): string[] => {
  const [old, now] = [fileOf(projection, from), fileOf(projection, to)]
  const differing = comparison && !comparison.same ? differences(comparison) : []
  if (!switched)
    return [
      `${projection}: ${old} goes on serving, since the new model says something else`,
      ...differing,
      'if that is as it should be, --apply --accept-differences lets a new one serve',
    ]
  return [
    `${projection}: ${now} serves, ${old} is kept until --drop-old`,
    ...(comparison?.same ? [`both said the same at ${counted(comparison.position)}: ${rowsOf(comparison)}`] : []),
    ...(comparison?.same ? [`hash ${comparison.hashes[1]}`] : differing),
  ]
}

type Comparison = NonNullable<Rebuilt['comparison']>
const differences = ({ rows, differing, differences }: Comparison): string[] => [
  ...Object.entries(rows)
    .filter(([, [old, now]]) => old !== now)
    .map(([name, [old, now]]) => `  ${name}: ${counted(old)} rows before, ${counted(now)} now`),
  `  ${many(differences, 'conversation or person differs', 'conversations and people differ')}: ${differing.map(printable).join(', ')}${differences > differing.length ? ' …' : ''}`,
]

const rowsOf = ({ rows }: Comparison): string =>
  Object.entries(rows)
    .filter(([, [, now]]) => now > 0)
    .map(([name, [, now]]) => `${counted(now)} ${name}`)
    .join(', ') || 'nothing'

const fileOf = (projection: string, generation: number): string => `${projection}_v${generation}.db`
