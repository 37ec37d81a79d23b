import type { Answer, Command, CommandId, ConversationId, Reason } from '@verbatim/protocol'

export type QueuedCommand = Command<
  'SendMessage' | 'EditMessage' | 'DeleteMessage' | 'RestoreMessage' | 'React' | 'Unreact' | 'Pin' | 'Unpin'
>

/** A command on its way. It keeps its id until it is answered, so that a resend can never act twice. */
export type Item = {
  /** Order of sending; shared by all tabs. */
  readonly seq: number
  readonly command: QueuedCommand
  /** ISO time at which the person sent it. */
  readonly at: string
  readonly state: 'queued' | 'sent' | 'failed'
  /** Of a sent one: the revision that it became. */
  readonly revision?: number
  /** Of a failed one. */
  readonly reason?: Reason
}
export type Queue = readonly Item[]

/** Refusals after which the same command is sent again by itself. */
const passing = new Set<Reason>(['too-fast', 'unavailable', 'disk-full', 'behind', 'not-signed-in'])

export const isPassing = (reason: Reason): boolean => passing.has(reason)

export const added = (queue: Queue, item: Item): Queue =>
  queue.some(({ command }) => command.id === item.command.id) ? queue : [...queue, item].sort((a, b) => a.seq - b.seq)

/** The one that goes next in a conversation: one at a time, or a refusal in the middle would turn the order. */
export const nextOf = (queue: Queue, conversation: ConversationId): Item | undefined =>
  queue.find((item) => item.state === 'queued' && item.command.conversation === conversation)

export const lanes = (queue: Queue): ConversationId[] => [
  ...new Set(queue.filter(({ state }) => state === 'queued').map(({ command }) => command.conversation)),
]

export const answered = (queue: Queue, answer: Answer): Queue =>
  queue.flatMap((item): Item[] => {
    if (item.command.id !== answer.id) return [item]
    if (answer.kind === 'accepted') return [{ ...item, state: 'sent', revision: answer.revision }]
    if (isPassing(answer.reason)) return [item]
    // Only a message is kept to be tried again; of anything else the person is told at once.
    return item.command.type === 'SendMessage' ? [{ ...item, state: 'failed', reason: answer.reason }] : []
  })

/** Sent ones leave the queue when the timeline has reached the event that they became. */
export const settled = (queue: Queue, conversation: ConversationId, seen: number): Queue => {
  const rest = queue.filter(
    (item) => item.state !== 'sent' || item.command.conversation !== conversation || (item.revision ?? seen) > seen,
  )
  return rest.length === queue.length ? queue : rest
}

/** Again under the same id, behind what was queued since. A refused id is decided anew by the server. */
export const retried = (queue: Queue, id: CommandId, seq: number): Queue =>
  queue
    .map((item): Item => {
      if (item.command.id !== id || item.state !== 'failed') return item
      const { reason: _, ...rest } = item
      return { ...rest, state: 'queued', seq }
    })
    .sort((a, b) => a.seq - b.seq)

/** Gives an item the place that the store gave it. */
export const moved = (queue: Queue, id: CommandId, seq: number): Queue =>
  queue.map((item) => (item.command.id === id ? { ...item, seq } : item)).sort((a, b) => a.seq - b.seq)

export const discarded = (queue: Queue, id: CommandId): Queue => queue.filter(({ command }) => command.id !== id)
