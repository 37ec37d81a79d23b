import { createHash, type Hash } from 'node:crypto'
import { isConversationId } from '@verbatim/protocol'
import type { Position } from '@verbatim/services/event-log'
import type { ModelReader } from '../adapters/sqlite-reader.ts'
import { exportRows } from '../canonical.ts'

/** What two models of one projection say, each pair of values the one that serves first. */
export type Comparison = {
  readonly same: boolean
  readonly position: Position
  /** How many rows each query gives. */
  readonly rows: Readonly<Record<string, readonly [number, number]>>
  /** SHA-256 of all rows, see `hashOf`. */
  readonly hashes: readonly [string, string]
  /** Conversations and people, by id, of whom the two say different things: the first of them. */
  readonly differing: readonly string[]
  /** How many there are; at most `MOST` rows are looked at more closely. */
  readonly differences: number
}

const SHOWN = 20
/** Rows that only one of the models has, after which it is enough. */
const MOST = 100_000

/**
 * Compares two models that stand at the same position, row by row; in the memory that the differences take.
 * @param queries of `exportRows`, each with its rows in an order
 * @throws when they do not stand at the same position
 */
export const compareModels = (
  serving: ModelReader,
  filled: ModelReader,
  queries: Readonly<Record<string, string>>,
): Comparison => {
  const position = serving.position()
  if (position !== filled.position())
    throw new Error(`models at ${position} and ${filled.position()} cannot be compared`)
  const hashes = [createHash('sha256'), createHash('sha256')] as const
  const rows: Record<string, readonly [number, number]> = {}
  const owners = new Set<string>()
  for (const [name, sql] of Object.entries(queries)) {
    const only = differenceOf(
      hashed(exportRows(serving.db, { [name]: sql }), hashes[0]),
      hashed(exportRows(filled.db, { [name]: sql }), hashes[1]),
    )
    rows[name] = only.rows
    for (const line of only.lines) owners.add(ownerOf(line))
  }
  for (const { stream } of unlike(serving.setAside(), filled.setAside())) owners.add(stream)
  const [one, other] = hashes.map((hash) => hash.digest('hex'))
  return {
    same: one === other && owners.size === 0,
    position,
    rows,
    hashes: [one ?? '', other ?? ''],
    differing: [...owners].slice(0, SHOWN),
    differences: owners.size,
  }
}

/** Both come in one order, so what both have meets again soon, however they are shifted; what is left has no like. */
const differenceOf = (
  ones: Iterator<string>,
  others: Iterator<string>,
): { readonly rows: readonly [number, number]; readonly lines: Iterable<string> } => {
  const rows: [number, number] = [0, 0]
  const left = new Map<string, number>()
  const bump = (line: string, by: number): void => {
    const count = (left.get(line) ?? 0) + by
    if (count === 0) left.delete(line)
    else if (left.has(line) || left.size < MOST) left.set(line, count)
  }
  for (;;) {
    const [one, other] = [ones.next(), others.next()]
    if (one.done && other.done) return { rows, lines: left.keys() }
    if (!one.done) rows[0]++
    if (!other.done) rows[1]++
    if (one.value === other.value) continue
    if (!one.done) bump(one.value, 1)
    if (!other.done) bump(other.value, -1)
  }
}

/** The lines, each hashed as it goes by. */
function* hashed(lines: Iterable<string>, hash: Hash): Generator<string, undefined, undefined> {
  for (const line of lines) {
    hash.update(line)
    yield line
  }
}

/** Whose row it is: the first id in it. */
const ownerOf = (line: string): string => {
  const row: unknown = JSON.parse(line.slice(line.indexOf('[')))
  const cells: readonly unknown[] = Array.isArray(row) ? row : []
  return String(cells.find(isConversationId) ?? cells[0])
}

const unlike = <Place extends { readonly position: Position }>(
  ones: readonly Place[],
  others: readonly Place[],
): Place[] => {
  const lacking = (from: readonly Place[], places: readonly Place[]): Place[] => {
    const there = new Set(from.map(({ position }) => position))
    return places.filter(({ position }) => !there.has(position))
  }
  return [...lacking(others, ones), ...lacking(ones, others)]
}
