import type { ConversationId, Person } from '@verbatim/protocol'
import { createMemo } from 'solid-js'
import { createDrafts } from '../composer/drafts.ts'
import { withPending } from '../conversations/summaries.ts'
import { openOutboxStore } from '../outbox/store.ts'
import { createToasts } from '../parts/toasts.ts'
import { remembered } from '../people/remembered.ts'
import type { Session } from '../session/session.ts'
import { createSync, type QueuedDraft } from '../sync/create-sync.ts'
import { createOriginals } from '../timeline/originals.ts'
import { sayRefused } from './say.ts'

export type Messenger = ReturnType<typeof createMessenger>

/** Everything that a signed-in window knows and does. */
export const createMessenger = (session: Session, me: Person) => {
  const { api } = session
  const toasts = createToasts()
  const sync = createSync({
    session,
    me,
    store: openOutboxStore(),
    onRefused: (command, reason) => toasts.show({ text: sayRefused(reason, command.type) }),
  })
  const { conversations, outbox, timelines } = sync

  return {
    ...sync,
    me,
    session,
    api,
    /** The list as it is drawn. */
    listed: createMemo(() => withPending(conversations.list(), outbox.queue())),
    drafts: createDrafts(me.id),
    originals: createOriginals(api, timelines),
    /** How far above its end each conversation was left, in pixels. */
    places: new Map<ConversationId, number>(),
    toasts,
    enqueue: (draft: QueuedDraft): void => {
      if (draft.type === 'DeleteMessage') remembered.addDeleted(me.id, draft.message)
      sync.enqueue(draft)
    },
  }
}
