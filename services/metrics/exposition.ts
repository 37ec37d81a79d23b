import type { Counted } from './histogram.ts'

export type Sample = {
  readonly value: number | Counted
  readonly labels?: Readonly<Record<string, string>>
}
/** A metric with everything that it has to say now. Without samples it is only described. */
export type Family = {
  readonly name: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  /** One line. */
  readonly doc: string
  readonly samples: readonly Sample[]
}

/** The text format of Prometheus, version 0.0.4: https://prometheus.io/docs/instrumenting/exposition_formats/ */
export const exposition = (families: readonly Family[]): string => families.map(described).join('')

const described = ({ name, type, doc, samples }: Family): string =>
  [
    `# HELP ${name} ${doc.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`,
    `# TYPE ${name} ${type}`,
    ...samples.flatMap(({ value, labels = {} }) =>
      typeof value === 'number' ? line(name, labels, value) : buckets(name, labels, value),
    ),
    '',
  ].join('\n')

/** Each bucket counts what is below its bound, the smaller ones included. */
const buckets = (name: string, labels: Record<string, string>, { bounds, counts, sum }: Counted): string[] => {
  let below = 0
  const lines = counts.map((count, at) => {
    below += count
    return line(`${name}_bucket`, { ...labels, le: numberOf(bounds[at] ?? Number.POSITIVE_INFINITY) }, below)
  })
  return [...lines, line(`${name}_sum`, labels, sum), line(`${name}_count`, labels, below)]
}

const line = (name: string, labels: Readonly<Record<string, string>>, value: number): string => {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`)
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${numberOf(value)}`
}

const numberOf = (value: number): string => {
  if (Number.isNaN(value)) return 'NaN'
  if (Number.isFinite(value)) return `${value}`
  return value > 0 ? '+Inf' : '-Inf'
}

const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
