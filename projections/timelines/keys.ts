import type { Db } from '@verbatim/projections/projector'

/** How many keys are kept in memory. */
const MOST = 50_000

/** Integers for ids, given out in the order of need. They are a store's own and differ between two equal models. */
export class Keys {
  readonly #known = new Map<string, number>()
  readonly #find
  readonly #make

  constructor(db: Db, table: 'conversations' | 'people') {
    this.#find = db.prepare<[string], number>(`SELECT key FROM ${table} WHERE id = ?`).pluck()
    this.#make = db.prepare<[string]>(`INSERT INTO ${table} (id) VALUES (?)`)
  }

  of(id: string): number {
    const known = this.#known.get(id)
    if (known !== undefined) return known
    const key = this.#find.get(id) ?? Number(this.#make.run(id).lastInsertRowid)
    if (this.#known.size >= MOST) this.#known.clear()
    this.#known.set(id, key)
    return key
  }

  /** Keys made in a transaction that did not happen are nobody's. */
  forget(): void {
    this.#known.clear()
  }
}
