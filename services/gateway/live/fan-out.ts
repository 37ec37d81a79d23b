import type { SessionId } from '@verbatim/protocol'
import type { LiveMessage } from '@verbatim/services/live'
import type { Connection } from '../session/connection.ts'
import type { Connections } from '../session/connections.ts'
import type { Counters } from '../stats.ts'
import type { Audiences } from './audiences.ts'
import { resetFrame } from './frames.ts'
import type { Ring } from './ring.ts'

export type FanOutParts = {
  readonly audiences: Audiences
  readonly ring: Ring
  readonly everybody: Connections
  readonly counters: Counters
  /** Closes the sockets of a session. */
  ended(session: SessionId): void
}

/**
 * Hands what is published to the sockets, in exactly the order in which it comes: a membership change stands between
 * the frames before it, which he still gets, and those after it.
 */
export const fanOut =
  ({ audiences, ring, everybody, counters, ended }: FanOutParts) =>
  (message: LiveMessage) => {
    switch (message.kind) {
      case 'conversation':
        ring.add(message)
        return audiences.publish(message.conversation, message.frame, message.instead)
      case 'aside':
        return audiences.publish(message.conversation, message.frame)
      case 'user':
        for (const connection of everybody.of(message.user)) connection.send(message.frame)
        return
      case 'joined':
        ring.add(message)
        for (const connection of everybody.of(message.user)) join(connection, message, audiences)
        return
      case 'left':
        ring.add(message)
        for (const connection of everybody.of(message.user)) leave(connection, message, { audiences, counters })
        return
      case 'ended':
        return ended(message.session)
    }
  }

type Change = Extract<LiveMessage, { kind: 'joined' | 'left' }>

const join = (connection: Connection, { conversation }: Change, audiences: Audiences): void => {
  // A backlog stands before it: who reads it joins when it is through.
  if (!connection.resuming?.has(conversation)) audiences.join(connection, conversation)
}

const leave = (
  connection: Connection,
  { conversation, position }: Change,
  { audiences, counters }: Pick<FanOutParts, 'audiences' | 'counters'>,
): void => {
  audiences.leave(connection, conversation)
  // Nothing more of the backlog, not even what happened while he was a member. Reading afresh, the client is told that
  // it is not there.
  if (!connection.resuming?.delete(conversation)) return
  counters.resets++
  connection.send(resetFrame(conversation, position))
}
