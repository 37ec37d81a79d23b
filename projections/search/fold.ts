/** Letters that Unicode does not take apart, as people type them without their mark. */
const PLAIN: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ı: 'i',
  ŋ: 'ng',
  ς: 'σ',
}
const KEPT_APART = new RegExp(`[${Object.keys(PLAIN).join('')}]`, 'g')

/**
 * Marks that people leave out: accents, Hebrew and Arabic vowel points. Vowel signs of Indic scripts and Thai are
 * letters to their readers and stay.
 */
const LEFT_OUT = /[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670]/g

/** A text as it is compared: case, accents, widths and runs of white space do not count. */
export const fold = (text: string): string =>
  text
    .toWellFormed()
    .normalize('NFKD')
    .toLowerCase()
    .replace(LEFT_OUT, '')
    .replace(KEPT_APART, (letter) => PLAIN[letter] ?? letter)
    .replace(/\s+/g, ' ')
    .trim()

const BETWEEN_WORDS = /[^\p{L}\p{N}\p{M}]+/u

/** The words of a folded text. */
export const wordsOf = (folded: string): string[] => folded.split(BETWEEN_WORDS).filter((word) => word !== '')

/** Scripts that put no space between words: there a word may begin at any letter. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u

/** Every word that a person is found by: those of handle and name, and each of them written as one. */
export const indexWords = (...texts: readonly (string | null)[]): string[] => {
  const found = new Set<string>()
  for (const text of texts) {
    if (text === null) continue
    const words = wordsOf(fold(text))
    found.add(words.join(''))
    for (const word of words) for (const start of UNSPACED.test(word) ? suffixes(word) : [word]) found.add(start)
  }
  found.delete('')
  return [...found]
}

const suffixes = (word: string): string[] => {
  const letters = [...word]
  return letters.map((_, start) => letters.slice(start).join(''))
}
