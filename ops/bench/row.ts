/** One line of the table: a figure of ours beside what it is measured against. */
export type Row = {
  readonly workload: string
  readonly ours: string
  readonly against: string
  readonly ratio: number
  readonly spread: string
  readonly target: string
  readonly met: boolean
  readonly generatorCpu: string
}

export type Options = {
  readonly seconds: number
  readonly warmUpSeconds: number
  readonly pairs: number
  readonly messages: number
}
export type Workload = {
  readonly name: string
  readonly doc: string
  run(options: Options, log: (line: string) => void): Promise<Row[]>
}

export const table = (rows: readonly Row[]): string => {
  const lines = [
    ['workload', 'ours', 'against', 'ratio', 'spread', 'target', 'met', 'generator'],
    ...rows.map((row) => [
      row.workload,
      row.ours,
      row.against,
      row.ratio.toFixed(2),
      row.spread,
      row.target,
      row.met ? 'yes' : 'no',
      row.generatorCpu,
    ]),
  ]
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? []
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

export const perSecond = (value: number): string => `${Math.round(value).toLocaleString('en')}/s`
export const percent = (share: number): string => `${Math.round(share * 100)} %`
