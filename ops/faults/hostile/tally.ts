/** What was done and what went wrong. */
export interface Tally {
  count(what: string): void
  fault(kind: string, detail: string): void
  /** Kinds of fault with their number and the first few of each. */
  report(): string
  counts(): string
}

const SHOWN = 3

export const tallyOf = (): Tally => {
  const counts = new Map<string, number>()
  const faults = new Map<string, { times: number; first: string[] }>()
  return {
    count: (what) => void counts.set(what, (counts.get(what) ?? 0) + 1),
    fault(kind, detail) {
      const known = faults.get(kind) ?? { times: 0, first: [] }
      known.times++
      if (known.first.length < SHOWN) known.first.push(detail.slice(0, 6_000))
      faults.set(kind, known)
    },
    report: () =>
      [...faults]
        .map(([kind, { times, first }]) => [`${kind}: ${times}`, ...first.map((each) => `  ${each}`)].join('\n'))
        .join('\n'),
    counts: () =>
      [...counts]
        .toSorted(([one], [other]) => (one < other ? -1 : 1))
        .map(([what, times]) => `${what} ${times}`)
        .join(', '),
  }
}
