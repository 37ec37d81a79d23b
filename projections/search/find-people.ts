import { isUlid, type UserId } from '@verbatim/protocol'
import { fold, wordsOf } from './fold.ts'
import { type Vocabulary, wordsNear } from './words-near.ts'

/** What the search asks of its index. Keys and words are folded; `start` is the beginning of a word. */
export interface PeopleIndex {
  known(user: string): boolean
  /** Whose handle or whole name it is. */
  exactly(key: string, most: number): UserId[]
  /** Whose handle or whole name begins like this, in the order of the alphabet. */
  beginning(key: string, most: number): UserId[]
  /** Numbers of people who have a word that begins like this; one as often as he has such words. */
  withWord(start: string, most: number): Iterable<number>
  /** How many `withWord` would give. */
  count(start: string, most: number): number
  has(person: number, start: string): boolean
  /** Numbers of people who have this very word. */
  called(word: string, most: number): number[]
  wordsOf(person: number): string[]
  user(person: number): UserId
  readonly words: Vocabulary
}

/** Longer than any name: it is nobody's. Also keeps hostile texts cheap, however long they are. */
const LONGEST_QUERY = 256
const MOST_WORDS = 8
/** People looked at: whom a word shared by more does not tell apart has to be named more exactly. */
const MOST_PEOPLE = 2_000
/** Look-ups among all words for the typos of one query, at some 3 µs. */
const MOST_LOOKUPS = 4_000

/** Best first: by id, by the exact handle or name, by its beginning, by the beginnings of its words, by words with typos. */
export const findPeople = (query: string, limit: number, index: PeopleIndex): UserId[] => {
  if (query.length > LONGEST_QUERY || limit < 1) return []
  const key = fold(query).replace(/^@/, '')
  if (key === '') return []
  const words = [...new Set(wordsOf(key))].slice(0, MOST_WORDS)

  const found = new Set<UserId>()
  for (const kind of [byId, byKey, byBeginning, byWords, byTypos]) {
    for (const user of kind({ query, key, words, limit: limit + found.size, index })) {
      if (found.size === limit) break
      found.add(user)
    }
    // Every later kind is a worse answer than all of these.
    if (found.size === limit) break
  }
  return [...found]
}

type Search = {
  readonly query: string
  readonly key: string
  readonly words: readonly string[]
  /** As many different people as this are enough. */
  readonly limit: number
  readonly index: PeopleIndex
}

const byId = ({ query, index }: Search): UserId[] => {
  const id = query.trim().toUpperCase()
  return isUlid(id) && index.known(id) ? [id] : []
}

const byKey = ({ key, limit, index }: Search): UserId[] => index.exactly(key, limit)

const byBeginning = ({ key, limit, index }: Search): UserId[] => index.beginning(key, limit)

function* byWords({ words, index }: Search): Iterable<UserId> {
  const [rarest, ...others] = [...words].sort((a, b) => index.count(a, MOST_PEOPLE) - index.count(b, MOST_PEOPLE))
  if (rarest === undefined) return
  for (const person of index.withWord(rarest, MOST_PEOPLE))
    if (others.every((word) => index.has(person, word))) yield index.user(person)
}

function* byTypos({ words, index }: Search): Iterable<UserId> {
  const lookups = Math.floor(MOST_LOOKUPS / words.length)
  const meant: Meant[] = []
  for (const typed of words) {
    const near = new Map(wordsNear(typed, index.words, lookups).map(({ word, distance }) => [word, distance]))
    if (near.size === 0) return
    meant.push({ typed, near, people: peopleCalled(near, index) })
  }
  const [rarest, ...others] = meant.sort((a, b) => a.people.size - b.people.size)
  const typos = [...(rarest?.people ?? [])].map(([person, own]): [number, number] => [
    person,
    others.reduce((sum, other) => sum + typosIn(person, other, index), own),
  ])
  // Sorting keeps the order of those that are equally near.
  for (const [person, sum] of typos.sort((a, b) => a[1] - b[1])) if (sum < NEVER) yield index.user(person)
}

/** A typed word, the words that may be meant by it, and people who are called so, each with the number of typos. */
type Meant = {
  readonly typed: string
  readonly near: ReadonlyMap<string, number>
  readonly people: ReadonlyMap<number, number>
}

const peopleCalled = (near: ReadonlyMap<string, number>, index: PeopleIndex): Map<number, number> => {
  const people = new Map<number, number>()
  for (const [word, distance] of near) {
    if (people.size >= MOST_PEOPLE) break
    for (const person of index.called(word, MOST_PEOPLE - people.size))
      if (!people.has(person)) people.set(person, distance)
  }
  return people
}

const NEVER = Number.POSITIVE_INFINITY
const typosIn = (person: number, { typed, near }: Meant, index: PeopleIndex): number =>
  index.has(person, typed) ? 0 : Math.min(...index.wordsOf(person).map((word) => near.get(word) ?? NEVER))
