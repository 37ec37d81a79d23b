/** A text is folded only where that spares more than a few lines. */
const LONG = { lines: 30, letters: 2_400 }
const SHOWN = { lines: 20, letters: 1_600 }
/** A word that is longer than this is cut. */
const WORD = 60

/** The beginning of a long text, to be drawn until somebody wants to see all of it; `undefined`: it is short enough. */
export const headOf = (text: string): string | undefined => {
  if (text.length <= LONG.letters && !hasLines(text, LONG.lines + 1)) return undefined
  const lines = text.slice(0, SHOWN.letters).split('\n').slice(0, SHOWN.lines).join('\n')
  return lines.length < SHOWN.letters ? lines : upToWord(text)
}

const upToWord = (text: string): string => {
  const shown = text.slice(0, SHOWN.letters)
  const blank = shown.search(/\s\S*$/u)
  if (blank > SHOWN.letters - WORD) return shown.slice(0, blank)
  // Not in the middle of what is drawn as one letter; the last may be cut, so it goes.
  const letters = [...segments.segment(shown.slice(-WORD))]
  return shown.slice(0, -(letters.at(-1)?.segment.length ?? 0))
}

const segments = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

const hasLines = (text: string, count: number): boolean => {
  let at = -1
  for (let line = 1; line < count; line++) {
    at = text.indexOf('\n', at + 1)
    if (at === -1) return false
  }
  return true
}
