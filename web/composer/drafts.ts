import type { ConversationId, MessageId } from '@verbatim/protocol'
import { createSignal, onCleanup } from 'solid-js'

export type Draft = { readonly text: string; readonly replyTo?: MessageId }

export const noDraft = (): Draft => ({ text: '' })

export type Drafts = ReturnType<typeof createDrafts>

/** What a person began to write, kept in the browser and shared with the other tabs. */
export const createDrafts = (me: string) => {
  const prefix = `verbatim.draft.${me}.`
  const tabs = new BroadcastChannel(prefix)
  const [drafts, setDrafts] = createSignal<ReadonlyMap<ConversationId, Draft>>(kept(prefix))

  const place = (conversation: ConversationId, draft: Draft): void => {
    setDrafts((all) => new Map(all).set(conversation, draft))
  }
  tabs.onmessage = ({ data }: MessageEvent<[ConversationId, Draft]>) => place(...data)
  onCleanup(() => tabs.close())

  return {
    read: (conversation: ConversationId): Draft => drafts().get(conversation) ?? noDraft(),
    write: (conversation: ConversationId, draft: Draft): void => {
      place(conversation, draft)
      tabs.postMessage([conversation, draft])
      try {
        if (draft.text === '' && draft.replyTo === undefined) localStorage.removeItem(prefix + conversation)
        else localStorage.setItem(prefix + conversation, JSON.stringify(draft))
      } catch {
        // A full store: the draft lives as long as the page.
      }
    },
  }
}

const kept = (prefix: string): Map<ConversationId, Draft> => {
  const found = new Map<ConversationId, Draft>()
  for (const key of Object.keys(localStorage)) {
    if (!key.startsWith(prefix)) continue
    try {
      const draft = JSON.parse(localStorage.getItem(key) ?? '{}') as Draft
      found.set(key.slice(prefix.length) as ConversationId, { ...noDraft(), ...draft })
    } catch {
      localStorage.removeItem(key)
    }
  }
  return found
}
