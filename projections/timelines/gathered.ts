import type { Db } from '@verbatim/projections/projector'

type Head = { readonly revision: number; readonly n?: number; readonly last?: number; readonly activity?: number }
/** What is not known of it stays as it is in the table. */
type Kept = { revision: number; n: number | null; last: number | null; activity: number | null }
type Mark = { readonly revision: number; readonly n: number; readonly at: number }

/**
 * The two rows that every message touches, its conversation's head and its sender's mark, written once a batch. Both only
 * grow: a head in the order of its stream, a mark, which two streams move, because only a greater one counts.
 */
export class Gathered {
  readonly #heads = new Map<number, Kept>()
  readonly #marks = new Map<number, Map<number, Mark>>()
  readonly #setHead
  readonly #setMark

  constructor(db: Db) {
    this.#setHead = db.prepare(
      `UPDATE conversations SET revision = ?, n = coalesce(?, n), last = coalesce(?, last),
       activity = coalesce(?, activity) WHERE key = ?`,
    )
    // Of equal marks the earlier counts: it was read then.
    this.#setMark = db.prepare(
      `INSERT INTO marks (conversation, person, revision, n, at) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET revision = excluded.revision, n = excluded.n, at = excluded.at
       WHERE (excluded.revision, -excluded.at) > (revision, -at)`,
    )
  }

  head(conversation: number, { revision, n, last, activity }: Head): void {
    const kept = this.#heads.get(conversation)
    if (!kept) {
      this.#heads.set(conversation, { revision, n: n ?? null, last: last ?? null, activity: activity ?? null })
      return
    }
    kept.revision = revision
    kept.n = n ?? kept.n
    kept.last = last ?? kept.last
    kept.activity = activity ?? kept.activity
  }

  mark(conversation: number, person: number, mark: Mark): void {
    let marks = this.#marks.get(conversation)
    if (!marks) {
      marks = new Map()
      this.#marks.set(conversation, marks)
    }
    const before = marks.get(person)
    if (!before || mark.revision > before.revision || (mark.revision === before.revision && mark.at < before.at))
      marks.set(person, mark)
  }

  flush(): void {
    for (const [conversation, { revision, n, last, activity }] of this.#heads)
      this.#setHead.run(revision, n, last, activity, conversation)
    for (const [conversation, marks] of this.#marks)
      for (const [person, { revision, n, at }] of marks) this.#setMark.run(conversation, person, revision, n, at)
    this.forget()
  }

  forget(): void {
    this.#heads.clear()
    this.#marks.clear()
  }
}
