import { accept, type Command, type Decider, nothingToDo, type ReadingEvent, refuse } from '@verbatim/protocol'

/** How far somebody has read a conversation: a revision, and the ordinal of the last message at or before it. */
export type Reading = { readonly revision: number; readonly n: number }
export type ReadingCommand = Command<'MarkRead'>
export type ReadingFacts = {
  readonly member: boolean
  /** Last revision of the conversation. */
  readonly head: number
  /** Ordinal of the last message at or before the revision that is asked for. */
  readonly n: number
}

export const reading: Decider<Reading, ReadingCommand, ReadingEvent, ReadingFacts> = {
  initial: { revision: -1, n: 0 },
  decide({ by, conversation, revision }, state, { member, head, n }) {
    if (!member) return refuse('not-found')
    if (revision > head) return refuse('malformed', 'revision: beyond the last event of the conversation')
    // Never backwards: another device of the same person was further already.
    if (revision <= state.revision) return nothingToDo
    return accept({ type: 'ReadUpTo', data: { conversation, user: by, revision, n } })
  },
  evolve: (_, { data }) => ({ revision: data.revision, n: data.n }),
}
