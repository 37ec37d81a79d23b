import { eventSchemas, isEventType } from '@verbatim/protocol'
import { CorruptEvent, type EventLog, type Position, type Recorded, UpgradeNeeded } from '@verbatim/services/event-log'
import { decoded } from './decoded.ts'
import type { Projected } from './port.ts'

/** What a projector needs of the log. */
export type ProjectedLog = Pick<EventLog, 'log' | 'readAll' | 'follow' | 'head'> & {
  /**
   * Lets more come before a busy log is read on: many events share the pages that they are written to, few do not.
   * Resolves soon, and at once when somebody waits for what lies after `after`.
   */
  rest?(after: Position): Promise<void>
}

/** The log as the projections of one process read it: who stand at the same place share one reading and one decoding. */
export interface Feed {
  /** Id of the log. */
  readonly log: string
  head(): Promise<Position>
  /**
   * What waits after `position`, about a thousand events at most; none when it is the head.
   * @throws UpgradeNeeded, CorruptEvent only when the very next event is the one
   */
  read(after: Position): Promise<readonly Projected[]>
  /** The event at a position; undefined when it was compacted away. */
  at(position: Position): Promise<Projected | undefined>
  /** Resolves when there may be something after `position`, and when the feed is closed. */
  beyond(after: Position): Promise<void>
  close(): Promise<void>
}

const BATCH = 1_000
/** A log is busy when so many came since the reading before. */
const BUSY = 64

/** @param batch how many events are read at once, at most */
export const feedOf = (log: ProjectedLog, batch = BATCH): Feed => {
  let recent: Stretch = { after: 0, events: [] }
  let reading: { readonly after: Position; readonly stretch: Promise<Stretch> } | undefined
  let waiting: Promise<void> | undefined
  const closing = signal()

  const waitBeyond = async (after: Position): Promise<void> => {
    const arrived = signal()
    const following = log.follow(after, (events) => {
      // Only the first batch is kept: whatever comes before the following is closed will be read again.
      if (!covers(recent, after)) recent = { after, events: known(events).map(decoded) }
      arrived.give()
    })
    // `read` meets an unreadable event too, and tells it when it is the next one.
    const ended = following.ended.catch((error: unknown) => {
      if (!isUnreadable(error)) throw error
    })
    try {
      await Promise.race([arrived.given, ended, closing.given])
    } finally {
      ended.catch(() => {})
      await following.close()
    }
  }

  const readNext = async (after: Position): Promise<Stretch> => {
    const { length } = recent.events
    if (length >= BUSY && length < batch) await log.rest?.(after)
    return { after, events: (await readSome(log, after, batch)).map(decoded) }
  }

  return {
    log: log.log,
    head: () => log.head(),
    async read(after) {
      if (covers(recent, after)) return recent.events.filter(({ position }) => position > after)
      if (reading?.after !== after) {
        const stretch = readNext(after)
        const forget = (): void => {
          if (reading?.stretch === stretch) reading = undefined
        }
        stretch.then(forget, forget)
        reading = { after, stretch }
      }
      recent = await reading.stretch
      return recent.events
    },
    async at(position) {
      const [event] = known(await log.readAll(position - 1, 1))
      return event?.position === position ? decoded(event) : undefined
    },
    beyond(after) {
      waiting ??= waitBeyond(after).finally(() => {
        waiting = undefined
      })
      return waiting
    },
    async close() {
      closing.give()
      await waiting?.catch(() => {})
    },
  }
}

/** All events after `after` up to the last one here. */
type Stretch = { readonly after: Position; readonly events: readonly Projected[] }
const covers = ({ after, events }: Stretch, position: Position): boolean =>
  after <= position && position < (events.at(-1)?.position ?? 0)

/** An unreadable event spoils the whole reading: fewer are asked for until those before it come through. */
const readSome = async (log: ProjectedLog, after: Position, most: number): Promise<readonly Recorded[]> => {
  for (let limit = most; ; limit = Math.ceil(limit / 2)) {
    try {
      return known(await log.readAll(after, limit))
    } catch (error) {
      if (limit === 1 || !isUnreadable(error)) throw error
    }
  }
}

const isUnreadable = (error: unknown): boolean => error instanceof UpgradeNeeded || error instanceof CorruptEvent

/** The events before the first that this version does not know, in case the log let one through. */
const known = (events: readonly Recorded[]): readonly Recorded[] => {
  const stranger = events.findIndex(({ type, schema }) => !isEventType(type) || schema > eventSchemas[type].schema)
  if (stranger === -1) return events
  const event = events[stranger]
  if (stranger === 0 && event) throw new UpgradeNeeded(event.position, event.type, event.schema)
  return events.slice(0, stranger)
}

const signal = (): { readonly given: Promise<void>; give(): void } => {
  let give = (): void => {}
  const given = new Promise<void>((resolve) => {
    give = resolve
  })
  return { given, give }
}
