import { z } from 'zod'
import { type DataOf, type EventType, eventSchemas } from './events.ts'
import type { EventId, UserId } from './ids.ts'
import * as words from './words.ts'

/** Snapshots are the server's own. */
export type PublicEventType = Exclude<EventType, 'SnapshotTaken'>

/** An event as clients see it: `type` tells what is in `data`. */
export type PublicEvent<Type extends PublicEventType = PublicEventType> = {
  [T in Type]: PersonalEvent<T> & { readonly revision: number }
}[Type]
/** An event about the user himself, outside of a conversation: it has no revision, and `ready` replaces it. */
export type PersonalEvent<Type extends PublicEventType = PublicEventType> = {
  [T in Type]: {
    readonly type: T
    readonly id: EventId
    readonly actor: UserId
    readonly at: string
    readonly data: Omit<DataOf<T>, 'unseenBy'>
  }
}[Type]

/** What happened between the messages of a page. */
export type Notice = {
  [Type in PublicEventType]: Pick<PublicEvent<Type>, 'revision' | 'type' | 'actor' | 'at' | 'data'>
}[PublicEventType]

export const publicEventTypes = Object.keys(eventSchemas).filter(
  (type): type is PublicEventType => type !== 'SnapshotTaken',
)

const schemaOf = (type: PublicEventType) =>
  z.object({
    revision: z.int().exactOptional().meta({ description: 'Of the conversation; left out in events about the user' }),
    type: z.literal(type),
    id: z.uuid(),
    actor: words.ulid,
    at: words.time,
    data: toldData(eventSchemas[type].data),
  })

/** Who is told less is not told at all. */
const toldData = (data: (typeof eventSchemas)[PublicEventType]['data']) =>
  'unseenBy' in data.shape ? z.object(data.shape).omit({ unseenBy: true }) : data

/** What the documents say of each public event; its `data` is told by its type. */
export const publicEventSchemas = publicEventTypes.map((type) => ({ type, schema: schemaOf(type) }))
export const publicEventSchema = z.union(publicEventSchemas.map(({ schema }) => schema))
export const noticeSchema = z.union(publicEventSchemas.map(({ schema }) => schema.omit({ id: true })))
