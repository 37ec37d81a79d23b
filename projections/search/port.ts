import type { At } from '@verbatim/projections/timelines'
import type { UserId } from '@verbatim/protocol'

/** The reader of the index of people. */
export interface PeopleSearch {
  /** By id, handle or name, with typos, best first. An empty query finds nobody. */
  find(query: string, limit: number): Promise<At<UserId[]>>
}
