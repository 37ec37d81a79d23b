import { type Db, exportRows } from '@verbatim/projections/projector'

/** Of each query the first row in which two models differ, named by its key and not by what somebody wrote in it. */
export const firstDifferences = (live: Db, built: Db, queries: Readonly<Record<string, string>>): string[] =>
  Object.entries(queries).flatMap(([name, sql]) => {
    const [ones, others] = [exportRows(live, { [name]: sql }), exportRows(built, { [name]: sql })]
    return firstDifference(ones[Symbol.iterator](), others[Symbol.iterator]())
  })

const firstDifference = (ones: Iterator<string>, others: Iterator<string>): string[] => {
  try {
    for (let row = 1; ; row++) {
      const [one, other] = [ones.next(), others.next()]
      if (one.done && other.done) return []
      if (one.value !== other.value) return [difference(row, one.value, other.value)]
    }
  } finally {
    // A database does nothing else while a query is open.
    ones.return?.()
    others.return?.()
  }
}

const difference = (row: number, live: string | undefined, built: string | undefined): string => {
  if (live === undefined) return `row ${row} is missing: ${keyOf(built ?? '')}`
  if (built === undefined) return `row ${row} should not be there: ${keyOf(live)}`
  return keyOf(live) === keyOf(built)
    ? `row ${row} is not as the log says: ${keyOf(built)}`
    : `row ${row} is ${keyOf(live)} where the log says ${keyOf(built)}`
}

/** `message D0123… 17`: the query, and what its rows begin with. */
const keyOf = (line: string): string => {
  const at = line.indexOf(' ')
  const row: unknown = JSON.parse(line.slice(at + 1))
  return [line.slice(0, at), ...(Array.isArray(row) ? row.slice(0, 2) : [])].join(' ')
}
