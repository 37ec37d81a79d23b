import { type ConversationId, limits, type ServerFrame } from '@verbatim/protocol'
import type { Position } from '@verbatim/services/event-log'
import type { Frame } from './ring.ts'

/** @param position up to which nothing of it will be told */
export const resetFrame = (conversation: ConversationId, position: Position): string =>
  `{"type":"events","conversation":"${conversation}","reset":true,"position":"${position}","events":[]}`

export const readyFrame = (frame: Omit<Extract<ServerFrame, { type: 'ready' }>, 'type'>): string =>
  JSON.stringify({ type: 'ready', ...frame })

export const byeFrame = (reason: string): string => `{"type":"bye","reason":"${reason}"}`
export const pongFrame = '{"type":"pong"}'

export type Batch = { readonly frame: string /** Revision of its last event. */; readonly last: number }

/** Events of a backlog as frames of moderate size. @param events JSON of each, in order */
export const batches = (conversation: ConversationId, events: readonly string[]): Batch[] => {
  const made: Batch[] = []
  let from = 0
  let size = 0
  events.forEach((event, at) => {
    size += event.length
    if (size < limits.frameBytes && at < events.length - 1) return
    made.push({ frame: eventsFrame(conversation, events.slice(from, at + 1)), last: revisionOf(event) })
    from = at + 1
    size = 0
  })
  return made
}

/** The part of a published frame that lies after `revision`. A model may have stopped in the middle of a commit. */
export const partAfter = ({ conversation, first, frame }: Frame, revision: number): string => {
  if (first > revision) return frame
  const { events } = JSON.parse(frame) as { events: { revision: number }[] }
  return eventsFrame(
    conversation,
    events.filter((event) => event.revision > revision).map((event) => JSON.stringify(event)),
  )
}

export const sizeOf = (frames: readonly Frame[]): number => frames.reduce((size, { frame }) => size + frame.length, 0)

const eventsFrame = (conversation: ConversationId, events: readonly string[]): string =>
  `{"type":"events","conversation":"${conversation}","events":[${events.join(',')}]}`

const revisionOf = (event: string): number => (JSON.parse(event) as { revision: number }).revision
