export { type PeopleWrite, people } from './people.ts'
export { sqlitePeopleSearch } from './people-queries.ts'
export { peopleExport, sqlitePeopleStore } from './people-store.ts'
export * from './port.ts'
