import type { EventLog, Following, Position, Recorded } from '../port.ts'

type OnBatch = (events: readonly Recorded[]) => void | Promise<void>

/** Events that a follower reads at once while it is behind. */
const PAGE = 1_000

/**
 * The followers of a log whose commits pass through this thread. One at the live edge is handed each commit from
 * memory; one that is behind, or busy when a commit comes, reads on until it stands at the edge.
 */
export class Followers {
  readonly #followers = new Set<Follower>()

  /** @param head position of the last commit published */
  constructor(
    private readonly readAll: EventLog['readAll'],
    private head: Position,
  ) {}

  /** The next commit, in the order of the log. Followers at the live edge are called before this returns. */
  publish(commit: readonly Recorded[], head: Position): void {
    this.head = head
    for (const follower of this.#followers) follower.live(commit)
  }

  follow(after: Position, onBatch: OnBatch): Following {
    const source = { readAll: this.readAll, head: () => this.head }
    const follower = new Follower(source, after, onBatch)
    this.#followers.add(follower)
    follower.ended.then(
      () => this.#followers.delete(follower),
      () => this.#followers.delete(follower),
    )
    return follower
  }

  close(): void {
    for (const follower of this.#followers) void follower.close()
  }
}

class Follower implements Following {
  readonly ended: Promise<void>
  #end: () => void = () => {}
  #fail: (reason: unknown) => void = () => {}
  /** Only a `live` one may be called with a commit; a `behind` one reads, or waits for its handler. */
  #state: 'behind' | 'live' | 'ended' = 'behind'

  /** @param position of the last event delivered */
  constructor(
    private readonly source: { readAll: EventLog['readAll']; head: () => Position },
    private position: Position,
    private readonly onBatch: OnBatch,
  ) {
    this.ended = new Promise((resolve, reject) => {
      this.#end = resolve
      this.#fail = reject
    })
    void this.#catchUp()
  }

  live(commit: readonly Recorded[]): void {
    if (this.#state !== 'live') return
    // What was read while its answer was still on the way comes a second time here.
    const fresh =
      (commit[0]?.position ?? 0) > this.position ? commit : commit.filter(({ position }) => position > this.position)
    if (fresh.length === 0) return
    try {
      const handled = this.#deliver(fresh)
      if (handled) void this.#catchUp(handled)
    } catch (error) {
      this.fail(error)
    }
  }

  async close(): Promise<void> {
    this.#state = 'ended'
    this.#end()
  }

  fail(reason: unknown): void {
    this.#state = 'ended'
    this.#fail(reason)
  }

  async #catchUp(handled?: Promise<void>): Promise<void> {
    this.#state = 'behind'
    try {
      await handled
      while (this.#isOpen()) {
        // The head is compared and the state changed in one turn, and a commit is published in one turn: none falls between.
        const head = this.source.head()
        if (this.position >= head) {
          this.#state = 'live'
          return
        }
        await this.#readOn(head)
      }
    } catch (error) {
      this.fail(error)
    }
  }

  /** @param head everything up to it is committed, so a page that is not full has reached it at least */
  async #readOn(head: Position): Promise<void> {
    const page = await this.source.readAll(this.position, PAGE)
    if (!this.#isOpen()) return
    if (page.length > 0) await this.#deliver(page)
    if (page.length < PAGE) this.position = Math.max(this.position, head)
  }

  #deliver(events: readonly Recorded[]): Promise<void> | undefined {
    this.position = events.at(-1)?.position ?? this.position
    const handled = this.onBatch(events)
    return handled instanceof Promise ? handled : undefined
  }

  #isOpen(): boolean {
    return this.#state !== 'ended'
  }
}
