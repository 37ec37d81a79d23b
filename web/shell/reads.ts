import type { ConversationId, UserId } from '@verbatim/protocol'
import { createSignal } from 'solid-js'

type Marks = ReadonlyMap<UserId, number>

/** How far the others have read. A mark only ever moves on. */
export const createReads = () => {
  const [marks, setMarks] = createSignal<ReadonlyMap<ConversationId, Marks>>(new Map())
  return {
    mark: (conversation: ConversationId, user: UserId, revision: number): void => {
      const known = marks().get(conversation) ?? new Map()
      if ((known.get(user) ?? -1) >= revision) return
      setMarks((all) => new Map(all).set(conversation, new Map(known).set(user, revision)))
    },
    /** Who has read a conversation at least up to a revision. */
    upTo: (conversation: ConversationId, revision: number): UserId[] =>
      [...(marks().get(conversation) ?? [])].flatMap(([user, read]) => (read >= revision ? [user] : [])),
  }
}
