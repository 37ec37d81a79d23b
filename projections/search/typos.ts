/**
 * How far a word is from what was typed, letter by letter of the word: how many letters are missing, added, changed or
 * swapped with their neighbour (the restricted distance of Damerau and Levenshtein, one row of its table at a time).
 */
export type Comparison = {
  /** Of the word so far from all of what was typed. */
  readonly distance: number
  /** Of that beginning of the word so far which comes nearest. */
  readonly nearest: number
  /** No word that begins like this can come nearer than this with what is still to come. */
  readonly least: number
  /** Letters after which it is still within `most`; `undefined` when that may be any. */
  hopeful(most: number): string[] | undefined
  with(letter: string): Comparison
}

/** @param typed letters, one code point each */
export const comparison = (typed: readonly string[]): Comparison => {
  const row = Array.from({ length: typed.length + 1 }, (_, i) => i)
  return step(typed, { row, above: [], before: '', nearest: typed.length })
}

/** From what was typed to a whole word, or to that beginning of it which comes nearest. */
export const distance = (typed: string, word: string): { whole: number; beginning: number } => {
  let state = comparison([...typed])
  for (const letter of word) state = state.with(letter)
  return { whole: state.distance, beginning: state.nearest }
}

type Row = {
  readonly row: readonly number[]
  /** The row before, which a swap looks back to. */
  readonly above: readonly number[]
  readonly before: string
  readonly nearest: number
}

const step = (typed: readonly string[], { row, above, before, nearest }: Row): Comparison => ({
  distance: at(row, typed.length),
  nearest,
  least: Math.min(...row),
  // With all typos spent, the next letter has to be one that was typed there. That of a swap too: it stands where the
  // letter before it would be one too many.
  hopeful(most) {
    if (row.some((typos) => typos < most)) return undefined
    return typed.filter((_, i) => at(row, i) === most)
  },
  with(letter) {
    const next = [at(row, 0) + 1]
    for (let i = 1; i <= typed.length; i++) {
      const changed = at(row, i - 1) + (typed[i - 1] === letter ? 0 : 1)
      let best = Math.min(changed, at(row, i) + 1, at(next, i - 1) + 1)
      if (i > 1 && typed[i - 1] === before && typed[i - 2] === letter) best = Math.min(best, at(above, i - 2) + 1)
      next.push(best)
    }
    return step(typed, { row: next, above: row, before: letter, nearest: Math.min(nearest, at(next, typed.length)) })
  },
})

const at = (row: readonly number[], i: number): number => row[i] ?? Number.POSITIVE_INFINITY
