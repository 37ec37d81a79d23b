import type { ConversationId, MessageId, MessagesPage, MessageView } from '@verbatim/protocol'
import { timeOf } from '@verbatim/protocol/ids'
import { createSignal } from 'solid-js'
import type { Api } from '../session/api.ts'
import type { Timelines } from './create-timelines.ts'
import { messageOf } from './timeline.ts'

/** Messages that others point at: quoted or pinned, and perhaps far outside of the window. */
export const createOriginals = (api: Api, timelines: Timelines) => {
  const [found, setFound] = createSignal<ReadonlyMap<MessageId, MessageView | undefined>>(new Map())
  const asked = new Set<MessageId>()

  /** A message's id carries the time at which it was written, which is close to the time at which it was sent. */
  const find = async (conversation: ConversationId, message: MessageId): Promise<MessageView | undefined> => {
    const at = new Date(timeOf(message)).toISOString()
    const page = await api.get<MessagesPage>(`/api/conversations/${conversation}/messages?at=${at}&limit=50`)
    return page.messages.find(({ id }) => id === message)
  }
  const ask = (conversation: ConversationId, message: MessageId): void => {
    if (asked.has(message)) return
    asked.add(message)
    find(conversation, message)
      .then((view) => setFound((known) => new Map(known).set(message, view)))
      .catch(() => asked.delete(message))
  }

  return {
    find,
    /** What is known of a message now; what is not is asked for. `'unknown'` until it is answered. */
    get: (conversation: ConversationId, message: MessageId): MessageView | 'unknown' | undefined => {
      const timeline = timelines.get(conversation)
      const shown = timeline && messageOf(timeline, message)
      if (shown) return shown
      if (found().has(message)) return found().get(message)
      if (timeline) queueMicrotask(() => ask(conversation, message))
      return 'unknown'
    },
  }
}
