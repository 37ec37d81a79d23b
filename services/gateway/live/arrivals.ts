import type { At } from '@verbatim/projections/timelines'
import type { ConversationId, UserId } from '@verbatim/protocol'
import type { Kept, Ring } from './ring.ts'

/** The conversations that somebody is in now, with their heads: what the model said, and what was published since. */
export const membershipsNow = (
  user: UserId,
  { position, value }: At<{ conversation: ConversationId; revision: number }[]>,
  ring: Ring,
): Map<ConversationId, number> => {
  const heads = new Map<ConversationId, number>()
  for (const { conversation, revision } of value) heads.set(conversation, revision)
  for (const message of ring.after(position)) apply(heads, user, message)
  return heads
}

const apply = (heads: Map<ConversationId, number>, user: UserId, message: Kept): void => {
  const { conversation } = message
  const head = heads.get(conversation)
  if (message.kind === 'conversation') {
    if (head !== undefined) heads.set(conversation, Math.max(head, message.last))
  } else if (message.user === user) {
    if (message.kind === 'left') heads.delete(conversation)
    // What lies before the joining is read over HTTP; its own frame follows and tells the head.
    else if (head === undefined) heads.set(conversation, -1)
  }
}
