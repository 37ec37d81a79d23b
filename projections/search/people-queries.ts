import { openModelReader } from '@verbatim/projections/projector'
import { findPeople } from './find-people.ts'
import { peopleIndex } from './people-index.ts'
import type { PeopleSearch } from './port.ts'

/**
 * The index in one SQLite file, open for reading. Waits for the projector to make it.
 * @throws when it is not made within some seconds
 */
export const sqlitePeopleSearch = async ({ file }: { file: string }): Promise<PeopleSearch & { close(): void }> => {
  const { db, read, close } = await openModelReader(file)
  const index = peopleIndex(db)
  return { find: async (query, limit) => read(() => findPeople(query, limit, index)), close }
}
