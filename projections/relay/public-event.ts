import type { Recorded } from '@verbatim/services/event-log'

/**
 * An event as clients see it, as JSON. Written by hand around the stored data, which is JSON already: parsing and
 * encoding it again would cost more than all the rest of a frame.
 * @param json what to tell as `data`, when it is not what is stored
 */
export const publicEventJson = (event: Recorded, json = event.json): string =>
  `{"revision":${event.revision},${bare(event, json)}`

/** The same without a revision, for events that are told to a person and not to a conversation. */
export const userEventJson = (event: Recorded, json = event.json): string => `{${bare(event, json)}`

const bare = (event: Recorded, json: string): string =>
  `"type":"${event.type}","id":"${event.id}","actor":"${event.actor}","at":"${isoTime(event.at)}","data":${json}}`

let lastAt = Number.NaN
let lastIso = ''
/** Events of one commit share their millisecond more often than not. */
const isoTime = (at: number): string => {
  if (at !== lastAt) {
    lastAt = at
    lastIso = new Date(at).toISOString()
  }
  return lastIso
}
