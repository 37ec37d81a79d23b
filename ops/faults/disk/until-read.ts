import type { ConversationId } from '@verbatim/protocol'
import type { History } from '../history.ts'
import type { Sender } from '../load.ts'
import { readWhole } from '../recorder.ts'

/**
 * What is read comes from a model, which may be behind the log: that is no loss. Answers the milliseconds until everything
 * that was acknowledged could be read, infinite when it could not within `patience`.
 */
export const untilRead = async (
  { sends }: History,
  {
    base,
    people,
    patience = 10_000,
  }: { readonly base: string; readonly people: readonly Sender[]; readonly patience?: number },
): Promise<number> => {
  const heads = new Map<ConversationId, number>()
  for (const { conversation, answers } of sends)
    for (const answer of answers)
      if (answer.kind === 'ack') heads.set(conversation, Math.max(answer.revision, heads.get(conversation) ?? -1))
  const from = performance.now()
  for (const [conversation, head] of heads) {
    const reader = people.find(({ conversations }) => conversations.includes(conversation))
    while (reader && ((await readWhole(base, reader.token, conversation)).at(-1)?.revision ?? -1) < head) {
      if (performance.now() - from > patience) return Number.POSITIVE_INFINITY
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  return performance.now() - from
}
