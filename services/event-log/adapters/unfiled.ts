import type Database from 'better-sqlite3'
import type { Position } from '../port.ts'

/** Where an event is that the indexes do not have yet. */
export type Place = { readonly position: Position; readonly revision: number; readonly command: string }

/**
 * What a reader knows of the events that are not filed yet: each is looked at once, when somebody first asks after it
 * was written. To be used inside the transaction that reads the rest.
 */
export class Unfiled {
  readonly #places = new Map<number, Place[]>()
  readonly #filed
  readonly #since
  #indexed: Position = 0
  #seen: Position = 0

  constructor(db: Database.Database) {
    this.#filed = db.prepare<[], number>('SELECT position FROM filed').pluck()
    this.#since = db
      .prepare<[number], [position: number, stream: number, revision: number, command: string]>(
        'SELECT position, stream, revision, command FROM events WHERE position > ? ORDER BY position',
      )
      .raw()
  }

  /** Those of a stream, in order. Compacted ones may be among them. */
  of(stream: number): readonly Place[] {
    const indexed = this.#filed.get() ?? 0
    if (indexed > this.#indexed) {
      this.#places.clear()
      // What was committed together with that filing is in it, so nothing seen before is later than it.
      this.#seen = this.#indexed = indexed
    }
    for (const [position, its, revision, command] of this.#since.iterate(this.#seen)) {
      this.#add(its, { position, revision, command })
      this.#seen = position
    }
    return this.#places.get(stream) ?? []
  }

  #add(stream: number, place: Place): void {
    const places = this.#places.get(stream)
    if (places) places.push(place)
    else this.#places.set(stream, [place])
  }
}
