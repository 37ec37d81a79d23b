import { type Comparison, comparison } from './typos.ts'

/** A sorted list of words, by code points: the first that is not before `from`. */
export type Vocabulary = (from: string) => string | undefined

export type Near = { readonly word: string; readonly distance: number }

/**
 * Words that begin with what was typed but for a few typos, nearest first.
 * @param mostLookups after which it answers with what it has
 */
export const wordsNear = (typed: string, vocabulary: Vocabulary, mostLookups: number): Near[] => {
  const letters = [...typed]
  const tolerances = tolerancesOf(letters)
  const each = Math.floor(mostLookups / tolerances.length)
  const found = new Map<string, number>()
  for (const tolerance of tolerances)
    for (const { word, distance } of walk(letters, { ...tolerance, mostLookups: each }, vocabulary))
      found.set(word, distance)
  return [...found]
    .map(([word, distance]) => ({ word, distance }))
    .sort((a, b) => a.distance - b.distance || (a.word < b.word ? -1 : 1))
}

type Tolerance = {
  readonly most: number
  /** Whether the typos are those of the whole word, or of that beginning of it which comes nearest. */
  readonly whole: boolean
  /** What every word has to begin with. */
  readonly start: string
}

/** A word of three letters is near to everything, so it must be whole but for its typo. A second typo spares the first letter. */
const tolerancesOf = (letters: readonly string[]): Tolerance[] => {
  if (letters.length < 3) return [{ most: 0, whole: false, start: letters.join('') }]
  const one = { most: 1, whole: letters.length < 5, start: '' }
  return letters.length < 8 ? [one] : [one, { most: 2, whole: false, start: letters[0] ?? '' }]
}

const MOST_WORDS = 200
/** Of words that are near for the same reason. */
const MOST_ALIKE = 20

/**
 * Walks the sorted vocabulary as a tree: as soon as a beginning is too far off, all words that share it are leapt over
 * with one look-up.
 */
function* walk(
  letters: readonly string[],
  { most, whole, start, mostLookups }: Tolerance & { readonly mostLookups: number },
  vocabulary: Vocabulary,
): Iterable<Near> {
  const path = [comparison(letters)]
  let before: readonly string[] = []
  let alike = { beginning: '', words: 0 }
  let words = 0
  let from: string | undefined = start
  for (let lookups = 0; from !== undefined && lookups < mostLookups && words < MOST_WORDS; lookups++) {
    const word: string | undefined = vocabulary(from)
    if (!word?.startsWith(start)) return
    const now = [...word]
    path.length = 1 + shared(before, now, path.length - 1)
    before = now
    const end = follow(path, now, (state) => isSettled(state, most, whole))
    const settled = isSettled(end, most, whole)
    const beginning = now.slice(0, path.length - 1)
    const distance = whole ? end.distance : end.nearest
    from = `${word}\0`
    if (distance > most) {
      if (settled) from = behind(beginning, path.at(-2)?.hopeful(most))
      continue
    }
    words++
    yield { word, distance }
    if (!settled) continue
    const reason = beginning.join('')
    alike = { beginning: reason, words: alike.beginning === reason ? alike.words + 1 : 1 }
    if (alike.words === MOST_ALIKE) from = behind(beginning)
  }
}

/** Goes on with the letters of a word from where the path has come to, until nothing further on matters. */
const follow = (path: Comparison[], word: readonly string[], isEnough: (state: Comparison) => boolean): Comparison => {
  let end = path.at(-1) as Comparison
  for (const letter of word.slice(path.length - 1)) {
    if (isEnough(end)) break
    end = end.with(letter)
    path.push(end)
  }
  return end
}

/** Whether it is the same for every word that begins like this. */
const isSettled = ({ least, nearest }: Comparison, most: number, whole: boolean): boolean =>
  whole ? least > most : least >= Math.min(nearest, most + 1)

const shared = (one: readonly string[], other: readonly string[], most: number): number => {
  let length = 0
  while (length < most && length < other.length && one[length] === other[length]) length++
  return length
}

/** Where the words go on behind all that begin like this, with one of `hopeful` as the last letter if these are given. */
const behind = (beginning: readonly string[], hopeful?: readonly string[]): string | undefined => {
  const before = beginning.slice(0, -1)
  const last = codeOf(beginning.at(-1))
  if (!hopeful)
    return last < LAST ? before.join('') + String.fromCodePoint(last === 0xd7ff ? 0xe000 : last + 1) : undefined
  const later = hopeful.map(codeOf).filter((code) => code > last)
  if (later.length > 0) return before.join('') + String.fromCodePoint(Math.min(...later))
  return before.length > 0 ? behind(before) : undefined
}

const LAST = 0x10ffff
const codeOf = (letter: string | undefined): number => letter?.codePointAt(0) ?? LAST
