import type { Backlog } from '@verbatim/projections/timelines'
import { type ConversationId, limits, type UserId } from '@verbatim/protocol'
import type { GatewayParts } from '../parts.ts'
import { type Connection, HIGH_WATER } from '../session/connection.ts'
import type { Counters } from '../stats.ts'
import type { Audiences } from './audiences.ts'
import { batches, partAfter, resetFrame, sizeOf } from './frames.ts'
import type { Ring } from './ring.ts'
import type { Slots } from './slots.ts'
import { type ToldParts, toldUpTo } from './told.ts'

export type ResumingParts = Pick<GatewayParts, 'timelines' | 'reached'> &
  ToldParts & {
    readonly ring: Ring
    readonly audiences: Audiences
    readonly counters: Counters
    readonly slots: Slots
  }

/** Conversations per question: an answer holds at most 512 KiB of each. */
const CHUNK = 8
const TRIES = 5

/**
 * Sends what was missed, conversation by conversation, and subscribes behind it. Only as much as the other side takes:
 * a backlog is read anew after every pause rather than kept, so that a thousand slow readers cost no memory.
 */
export const resume = async (connection: Connection, user: UserId, parts: ResumingParts): Promise<void> => {
  const pending = connection.resuming
  if (!pending) return
  let behind = 0
  while (pending.size > 0) {
    await emptied(connection)
    if (!connection.open) return
    const chunk = [...pending].slice(0, CHUNK)
    const answer = await ask(chunk, user, parts)
    if (!connection.open) return
    const through = answer !== undefined && deliver(connection, { ...answer, user, asked: chunk }, parts)
    if (through) continue
    // The model is behind what was published: it is given time, but not for ever.
    if (++behind < TRIES) await parts.reached(['timelines'], parts.ring.latest, limits.readWait)
    else for (const [conversation] of chunk) if (pending.has(conversation)) startAfresh(connection, conversation, parts)
  }
  connection.resuming = undefined
}

type Asked = readonly (readonly [ConversationId, number])[]
type Found = { readonly position: number; readonly value: readonly Backlog[] }

const ask = async (
  chunk: Asked,
  user: UserId,
  { timelines, ring, slots, ...told }: ResumingParts,
): Promise<Found | undefined> => {
  const seen = chunk.map(([conversation, revision]) => ({ conversation, revision }))
  const answer = await slots.run(() => timelines.backlog(user, seen))
  const isTold = await toldUpTo(answer.position, told)
  return isTold && ring.reachesBackTo(answer.position) ? answer : undefined
}

/** All in one turn: backlog, what was published since, subscription. `false` when the model lacks one that was asked. */
const deliver = (
  connection: Connection,
  found: Found & { readonly user: UserId; readonly asked: Asked },
  parts: ResumingParts,
): boolean => {
  let through = true
  // From here on its buffer tells how much waits.
  connection.flush()
  connection.socket?.cork(() => {
    const byConversation = new Map(found.value.map((backlog) => [backlog.conversation, backlog]))
    for (const [conversation] of found.asked) {
      // He was removed while the model was asked.
      if (!connection.resuming?.has(conversation)) continue
      const backlog = byConversation.get(conversation)
      if (!backlog) through = false
      else if (backlog.reset) startAfresh(connection, conversation, parts)
      else if (sendBacklog(connection, backlog))
        through = sendSince(connection, { backlog, ...found }, parts) && through
      else return
    }
  })
  return through
}

/** `false` when it was interrupted because the other side does not take more at the moment. */
const sendBacklog = (connection: Connection, { conversation, events, revision }: Backlog): boolean => {
  for (const { frame, last } of batches(conversation, events)) {
    if (connection.isLagging) return false
    connection.send(frame)
    connection.resuming?.set(conversation, last)
  }
  // The socket hears of an event before the model does: who was live a moment ago may have seen more than this.
  const seen = connection.resuming?.get(conversation) ?? revision
  connection.resuming?.set(conversation, Math.max(seen, revision))
  return true
}

type Since = { readonly backlog: Backlog; readonly position: number; readonly user: UserId }

/** What was published after the backlog was read, and from here on everything live. */
const sendSince = (
  connection: Connection,
  { backlog, position, user }: Since,
  { ring, audiences }: ResumingParts,
): boolean => {
  const { conversation } = backlog
  const seen = connection.resuming?.get(conversation) ?? backlog.revision
  const frames = ring.framesFor(user, conversation, position)
  if (!frames || sizeOf(frames) > HIGH_WATER) return false
  for (const frame of frames) if (frame.last > seen) connection.send(partAfter(frame, seen))
  audiences.join(connection, conversation)
  connection.resuming?.delete(conversation)
  return true
}

/** The client reads it afresh; what happens from now on reaches it live. */
const startAfresh = (
  connection: Connection,
  conversation: ConversationId,
  { audiences, counters, ring }: ResumingParts,
): void => {
  counters.resets++
  connection.send(resetFrame(conversation, ring.latest))
  audiences.join(connection, conversation)
  connection.resuming?.delete(conversation)
}

/** Resolves when the other side has taken most of what was sent, or is gone. */
const emptied = async (connection: Connection): Promise<void> => {
  while (connection.open && connection.isLagging)
    await new Promise<void>((resolve) => {
      connection.wake = resolve
    })
  connection.wake = undefined
}
