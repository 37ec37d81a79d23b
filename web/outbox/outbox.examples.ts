import type { Answer, ConversationId } from '@verbatim/protocol'
import { idAt, noon, tea } from '@verbatim/protocol/examples'
import type { Item, QueuedCommand } from './queue.ts'

/** The n-th message of somebody who writes a lot. */
export const item = (n: number, conversation: ConversationId = tea): Item => ({
  seq: n,
  command: { id: idAt(n), type: 'SendMessage', conversation, body: { text: `message ${n}` } },
  at: new Date(noon).toISOString(),
  state: 'queued',
})

export const act = (n: number, command: Omit<Extract<QueuedCommand, { type: 'React' }>, 'id'>): Item => ({
  ...item(n),
  command: { ...command, id: idAt(n) },
})

export const accepted = (n: number, revision = n): Extract<Answer, { kind: 'accepted' }> => ({
  kind: 'accepted',
  id: idAt(n),
  revision,
  position: String(revision),
})

export const refused = (
  n: number,
  reason: Extract<Answer, { kind: 'refused' }>['reason'],
  retryAfter?: number,
): Extract<Answer, { kind: 'refused' }> => ({
  kind: 'refused',
  id: idAt(n),
  reason,
  ...(retryAfter !== undefined && { retryAfter }),
})
