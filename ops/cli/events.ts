import { categoryOf, type EventType, type StreamName } from '@verbatim/protocol'
import type { LogReader, Position, Recorded } from '@verbatim/services/event-log'
import { cut, printable, timeOf } from './text.ts'

/** Which events are wanted; what is left out wants all. Times in milliseconds, `until` exclusive. */
export type Wanted = {
  readonly stream?: StreamName
  readonly category?: string
  readonly type?: EventType
  readonly actor?: string
  readonly since?: number
  readonly until?: number
}

/** Clocks step, so a time is no place in the log: every event is asked. */
export const isWanted =
  ({ stream, category, type, actor, since, until }: Wanted) =>
  (event: Recorded): boolean =>
    (stream === undefined || event.stream === stream) &&
    (category === undefined || categoryOf(event.stream) === category) &&
    (type === undefined || event.type === type) &&
    (actor === undefined || event.actor === actor) &&
    (since === undefined || event.at >= since) &&
    (until === undefined || event.at < until)

const PAGE = 1_000

/** What is there after `after`, page by page, in the order of the log; of one stream by its index. */
export function* pagesAfter(log: LogReader, after: Position, stream?: StreamName): Iterable<readonly Recorded[]> {
  if (stream === undefined) {
    for (let at = after, page = log.readAll(at, PAGE); page.length > 0; page = log.readAll(at, PAGE)) {
      yield page
      at = page.at(-1)?.position ?? at
    }
    return
  }
  for (let from = 0, page = log.read(stream, from, PAGE); page.length > 0; page = log.read(stream, from, PAGE)) {
    yield page.filter(({ position }) => position > after)
    from = (page.at(-1)?.revision ?? from) + 1
  }
}

/** An event with all that is stored of it, as one line of JSON. */
export const jsonOf = ({ json, at, ...event }: Recorded): string => {
  const head = JSON.stringify({ ...event, at: new Date(at).toISOString() })
  return `${head.slice(0, -1)},"data":${json}}`
}

/** The same for people, in one line that is cut at `width`. */
export const lineOf = (event: Recorded, width: number): string => {
  const { position, at, stream, revision, type, actor, json } = event
  return cut(printable(`${position}  ${timeOf(at)}  ${stream}@${revision}  ${type}  by ${actor}  ${json}`), width)
}
