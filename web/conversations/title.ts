import type { ConversationSummary } from '@verbatim/protocol'
import type { People } from '../people/create-people.ts'
import { nameOf } from '../people/create-people.ts'

/** What a conversation is called: a group by its name, a direct one after the other person. */
export const titleOf = (
  summary: Pick<ConversationSummary, 'kind' | 'name' | 'peer'> | undefined,
  people: Pick<People, 'get'>,
): string => {
  if (summary === undefined) return '…'
  if (summary.kind === 'group') return summary.name ?? 'Group'
  return summary.peer ? nameOf(people.get(summary.peer.id)) : (summary.name ?? 'Erased account')
}
