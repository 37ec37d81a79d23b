import { type Db, type Manner, type ModelStore, type SqliteWriter, sqliteStore } from '@verbatim/projections/projector'
import { fold, indexWords } from './fold.ts'
import { type PeopleWrite, people } from './people.ts'

/** The index in one SQLite file, open for writing: for its projector alone. */
export const sqlitePeopleStore = (model: { file: string; manner?: Manner }): ModelStore<PeopleWrite> =>
  sqliteStore(model.file, { schema: TABLES, writer, version: people.version }, model.manner)

/** The whole index in an order of its own: equal ones give equal rows, see `exportRows`. */
export const peopleExport = {
  people: 'SELECT user, handle, name, handle_key, name_key FROM people ORDER BY user',
  words: 'SELECT word, user FROM words JOIN people USING (person) ORDER BY word, user',
}

const writer = (db: Db): SqliteWriter<PeopleWrite> => {
  const put = db.prepare<[string, string | null, string | null, string | null, string | null]>(
    `INSERT INTO people (user, handle, name, handle_key, name_key) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (user) DO UPDATE SET handle = excluded.handle, name = excluded.name,
       handle_key = excluded.handle_key, name_key = excluded.name_key`,
  )
  const personOf = db.prepare<[string], { person: number; handle: string | null }>(
    'SELECT person, handle FROM people WHERE user = ?',
  )
  const removeWords = db.prepare<[number]>('DELETE FROM words WHERE person = ?')
  const removePerson = db.prepare<[number]>('DELETE FROM people WHERE person = ?')
  const putWord = db.prepare<[string, number]>('INSERT INTO words (word, person) VALUES (?, ?)')

  const index = (user: string, handle: string | null, name: string | null): void => {
    const before = personOf.get(user)
    if (before) removeWords.run(before.person)
    if (handle === null && name === null) {
      if (before) removePerson.run(before.person)
      return
    }
    put.run(user, handle, name, handle && fold(handle), name && fold(name))
    const person = before?.person ?? Number(personOf.get(user)?.person)
    for (const word of indexWords(handle, name)) putWord.run(word, person)
  }

  return {
    write(write) {
      switch (write.kind) {
        case 'person':
          return index(write.user, write.handle, write.name)
        case 'renamed':
          return index(write.user, personOf.get(write.user)?.handle ?? null, write.name)
      }
    },
  }
}

// `handle_key` and `name_key` are folded; `words` lists each word of both, sorted by code points, which the search for
// typos walks as a tree. Words name a person by a number: at 26 letters a ULID would be the most of the index.
const TABLES = `
  CREATE TABLE people (
    person     INTEGER PRIMARY KEY,
    user       TEXT NOT NULL UNIQUE,
    handle     TEXT,
    name       TEXT,
    handle_key TEXT,
    name_key   TEXT
  ) STRICT;
  CREATE INDEX people_by_handle ON people (handle_key, user) WHERE handle_key IS NOT NULL;
  CREATE INDEX people_by_name ON people (name_key, user) WHERE name_key IS NOT NULL;
  CREATE TABLE words (word TEXT NOT NULL, person INTEGER NOT NULL, PRIMARY KEY (word, person)) STRICT, WITHOUT ROWID;
  CREATE INDEX words_of_person ON words (person, word);
`
