import { conversationStream, type EventId, groupId, readingStream, type StreamName } from '@verbatim/protocol'
import { ada, adasSession, bob, idAt, messageSent, noon } from '@verbatim/protocol/examples'
import type { EventLog, NewEvent, Position, Recorded } from './port.ts'

/** A stream for each test: ids from 1,000 on are nobody else's. */
export const streamAt = (n: number): StreamName => conversationStream(groupId(idAt(1_000 + n)))
export const readingAt = (n: number): StreamName => readingStream(groupId(idAt(1_000 + n)), bob)

export const uuidAt = (n: number): EventId =>
  `6ba7b810-9dad-5d11-80b4-${n.toString(16).padStart(12, '0')}` as string as EventId

/** The n-th event: its id and its command are the n-th too. */
export const eventAt = (n: number, change: Partial<NewEvent> = {}): NewEvent => {
  const { type, data } = messageSent({ n })
  return {
    id: uuidAt(n),
    type,
    schema: 1,
    actor: ada,
    session: adasSession,
    command: idAt(5_000 + n),
    digest: `digest ${n}`,
    at: noon + n,
    json: JSON.stringify(data),
    ...change,
  }
}
export const eventsAt = (...ns: number[]): NewEvent[] => ns.map((n) => eventAt(n))

/** An event as the log gives it back. */
export const recordedAs = (event: NewEvent, place: Pick<Recorded, 'stream' | 'revision' | 'position'>): Recorded => ({
  ...event,
  ...place,
})

/** Follows and keeps what came, as it came and once each. */
export const listenTo = (log: Pick<EventLog, 'follow'>, after: Position) => {
  const delivered: Recorded[] = []
  const batches: (readonly Recorded[])[] = []
  const following = log.follow(after, (events) => {
    batches.push(events)
    delivered.push(...events)
  })
  const once = () => {
    let last = after
    return delivered.filter(({ position }) => {
      const isNew = position > last
      if (isNew) last = position
      return isNew
    })
  }
  return { following, delivered, batches, once }
}
