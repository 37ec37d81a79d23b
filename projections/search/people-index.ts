import type { Db } from '@verbatim/projections/projector'
import type { UserId } from '@verbatim/protocol'
import type { PeopleIndex } from './find-people.ts'

/** The index of people as the search asks it. Every range is read through an index and stops when enough is found. */
export const peopleIndex = (db: Db): PeopleIndex => {
  const known = db.prepare<[string], UserId>('SELECT user FROM people WHERE user = ?').pluck()
  const exactly = db
    .prepare<[string, string, number], UserId>(
      `SELECT user FROM people WHERE handle_key = ?
       UNION ALL SELECT * FROM (SELECT user FROM people WHERE name_key = ? ORDER BY user LIMIT ?)`,
    )
    .pluck()
  const beginning = db
    .prepare<[{ key: string; end: string; most: number }], UserId>(
      `SELECT user FROM (
         SELECT * FROM (SELECT user, handle_key AS key FROM people
           WHERE handle_key >= @key AND handle_key < @end ORDER BY handle_key, user LIMIT @most)
         UNION ALL
         SELECT * FROM (SELECT user, name_key AS key FROM people
           WHERE name_key >= @key AND name_key < @end ORDER BY name_key, user LIMIT @most)
       ) ORDER BY key, user`,
    )
    .pluck()
  const withWord = db
    .prepare<[string, string, number], number>(
      'SELECT person FROM words WHERE word >= ? AND word < ? ORDER BY word, person LIMIT ?',
    )
    .pluck()
  const count = db
    .prepare<[string, string, number], number>(
      'SELECT count(*) FROM (SELECT 1 FROM words WHERE word >= ? AND word < ? LIMIT ?)',
    )
    .pluck()
  const has = db
    .prepare<[number, string, string], 1>('SELECT 1 FROM words WHERE person = ? AND word >= ? AND word < ? LIMIT 1')
    .pluck()
  const next = db.prepare<[string], string>('SELECT word FROM words WHERE word >= ? ORDER BY word LIMIT 1').pluck()
  const called = db
    .prepare<[string, number], number>('SELECT person FROM words WHERE word = ? ORDER BY person LIMIT ?')
    .pluck()
  const wordsOf = db.prepare<[number], string>('SELECT word FROM words WHERE person = ?').pluck()
  const user = db.prepare<[number], UserId>('SELECT user FROM people WHERE person = ?').pluck()

  return {
    known: (user) => known.get(user) !== undefined,
    exactly: (key, most) => exactly.all(key, key, most),
    beginning: (key, most) => beginning.all({ key, end: endOf(key), most }),
    withWord: (start, most) => withWord.iterate(start, endOf(start), most),
    count: (start, most) => count.get(start, endOf(start), most) ?? 0,
    has: (person, start) => has.get(person, start, endOf(start)) !== undefined,
    called: (word, most) => called.all(word, most),
    wordsOf: (person) => wordsOf.all(person),
    user: (person) => user.get(person) as UserId,
    words: (from) => next.get(from),
  }
}

/** Behind everything that begins like this: no text holds the last code point, which is no character. */
const endOf = (start: string): string => `${start}\u{10ffff}`
