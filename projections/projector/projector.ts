import { setImmediate, setTimeout } from 'node:timers/promises'
import type { StreamName } from '@verbatim/protocol'
import { CorruptEvent, type Position, UpgradeNeeded } from '@verbatim/services/event-log'
import type { Feed } from './feed.ts'
import { patience, reasonOf } from './patience.ts'
import {
  ignored,
  type ModelStore,
  type Parked,
  type Progress,
  type Projected,
  type Projection,
  type Step,
  StoreUnavailable,
} from './port.ts'

export interface Projector {
  readonly name: string
  /**
   * Applies what is set aside of a stream, in order, until an event fails again.
   * @returns what is still set aside
   */
  retry(stream: StreamName): Promise<Parked | undefined>
  /** Gives up the failed event of a stream for good, and retries what waits behind it. */
  drop(stream: StreamName): Promise<Parked | undefined>
  /** While `work` runs, nothing reaches the model but what it brings itself. */
  still<T>(work: (model: Still) => Promise<T>): Promise<T>
  /** Resolves when the batch under way is in the model, and closes the store. */
  close(): Promise<void>
}

/** A model that stands still. */
export type Still = {
  position(): Position
  /** Applies events of the log that follow on its position. */
  take(batch: readonly Projected[]): Promise<void>
}

export type ProjectorOptions<Write> = {
  readonly projection: Projection<Write>
  readonly store: ModelStore<Write>
  /** Shared with others, and closed by whoever made it, after them. */
  readonly feed: Feed
  readonly onProgress: (progress: Progress) => void
  /** Waits so many milliseconds before the next try. */
  readonly pause?: (milliseconds: number) => Promise<unknown>
  /** Lets what waits for this thread run. */
  readonly giveWay?: () => Promise<unknown>
}

/** How often a failing event is tried before it is set aside. */
const TRIES = 5

/**
 * Keeps a model up with the log. Live and catching up are one loop: it takes what waits, up to a batch, and waits when
 * there is nothing.
 */
export const projector = <Write>(options: ProjectorOptions<Write>): Projector => {
  const { projection, store, feed, onProgress } = options
  const { pause = (milliseconds) => setTimeout(milliseconds), giveWay = () => setImmediate() } = options
  let position: Position = 0
  let state: Progress['state'] = 'catching-up'
  let parked = new Set<StreamName>()
  let closed = false
  let wake = (): void => {}
  const closing = new Promise<void>((resolve) => {
    wake = resolve
  })

  const tell = (reason?: string): void => {
    const progress = { projection: projection.name, position, state, parked: parked.size }
    onProgress(reason === undefined ? progress : { ...progress, reason })
  }

  const persist = patience({ pause, isOver: () => closed, onWait: tell })
  const stored = <T>(work: () => Promise<T>): Promise<T> => persist(work, isStoreUnavailable)

  const open = async (): Promise<void> => {
    const reached = await stored(() => store.progress())
    const isOther = reached.log !== undefined && reached.log !== feed.log
    if (isOther || reached.position > (await feed.head())) await stored(() => store.clear())
    await reload()
    tell()
  }

  const reload = async (): Promise<void> => {
    position = (await stored(() => store.progress())).position
    parked = new Set((await stored(() => store.parked())).map(({ stream }) => stream))
  }

  const stepOf = (event: Projected): Step<Write> =>
    parked.has(event.stream) ? { event, parked: null } : { event, writes: writesOf(projection, event) }

  const take = async (batch: readonly Projected[]): Promise<void> => {
    const fresh = batch.filter((event) => event.position > position)
    const last = fresh.at(-1)
    if (!last) return
    try {
      await stored(async () => store.apply(fresh.map(stepOf), feed.log))
    } catch (error) {
      if (closed && isStoreUnavailable(error)) return
      for (const event of fresh) await takeOne(event)
    }
    position = last.position
  }

  const takeOne = async (event: Projected): Promise<void> => {
    const reason = await tried(() => store.apply([stepOf(event)], feed.log))
    if (reason === undefined) return
    await stored(() => store.apply([{ event, parked: reason }], feed.log))
    parked.add(event.stream)
  }

  /** Why it failed each time, or undefined when it worked. */
  const tried = async (work: () => Promise<void>): Promise<string | undefined> => {
    for (let tries = 1; ; tries++) {
      try {
        await stored(async () => work())
        return undefined
      } catch (error) {
        if (closed && isStoreUnavailable(error)) throw error
        if (tries === TRIES) return reasonOf(error)
        await pause(5 * 2 ** tries)
      }
    }
  }

  // The loop and who retries by hand take turns, or an event could be applied before an earlier one of its stream.
  let turn: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(work)
    turn = mine.catch(() => {})
    return mine
  }

  const become = (next: Progress['state'], reason?: string): void => {
    if (state === next && reason === undefined) return
    state = next
    tell(reason)
  }

  const run = async (): Promise<void> => {
    await inTurn(() => persist(open, isPassing))
    while (!closed) {
      const batch = await persist(() => feed.read(position), isPassing)
      if (batch.length === 0) {
        become('live')
        await persist(() => Promise.race([feed.beyond(position), closing]), isPassing)
        continue
      }
      await inTurn(() => take(batch))
      tell()
      // A log in the same thread answers at once: without this, messages to the thread would wait until all is read.
      await giveWay()
    }
  }

  const running = run().catch((error: unknown) => {
    if (!closed) become(error instanceof UpgradeNeeded ? 'upgrade-needed' : 'stopped', reasonOf(error))
  })

  const settleInOrder = async (stream: StreamName): Promise<Parked | undefined> => {
    for (const place of await store.parkedEvents(stream)) {
      const event = await feed.at(place.position)
      // Compacted away: a later event of the stream says all that it said.
      if (!event) await stored(() => store.settle([{ event: place, writes: [] }]))
      else {
        const reason = await tried(() => store.settle([{ event, writes: writesOf(projection, event) }]))
        if (reason === undefined) continue
        await stored(() => store.settle([{ event, parked: reason }]))
        break
      }
    }
    await reload()
    tell()
    return (await store.parked()).find((one) => one.stream === stream)
  }

  return {
    name: projection.name,
    retry: (stream) => inTurn(() => settleInOrder(stream)),
    drop: (stream) =>
      inTurn(async () => {
        const [failed] = await store.parkedEvents(stream)
        if (failed) await stored(() => store.settle([{ event: failed, writes: [] }]))
        return settleInOrder(stream)
      }),
    still: (work) =>
      inTurn(() =>
        work({
          position: () => position,
          async take(batch) {
            await take(batch)
            tell()
          },
        }),
      ),
    async close() {
      closed = true
      wake()
      await running
      await turn
      await store.close()
    },
  }
}

const writesOf = <Write>(projection: Projection<Write>, event: Projected): readonly Write[] => {
  const handle = projection.on[event.type] as ((event: Projected) => readonly Write[]) | typeof ignored
  return handle === ignored ? [] : handle(event)
}

const isStoreUnavailable = (error: unknown): boolean => error instanceof StoreUnavailable
/** An unreadable event stays unreadable; all else that a log answers with may pass. */
const isPassing = (error: unknown): boolean => !(error instanceof UpgradeNeeded || error instanceof CorruptEvent)
