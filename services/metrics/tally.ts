/** How often each of a few known words came up. Not for words that people choose: it forgets none. */
export const tally = <Word extends string>() => {
  const counts = new Map<Word, number>()
  return {
    add: (word: Word): void => void counts.set(word, (counts.get(word) ?? 0) + 1),
    all: (): ReadonlyMap<Word, number> => new Map(counts),
  }
}
