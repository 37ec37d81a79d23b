import type { ConversationId, ConversationSummary } from '@verbatim/protocol'
import type { Route } from './route.ts'

/** What Escape leads out of. */
export type WayOut = 'panel' | 'details' | 'past' | 'message'

/**
 * Escape leads out of the nearest first.
 * @param now whether one reads above the end, and whether the focus is on a message
 */
export const wayOut = (
  { panel, details }: Route,
  now: { readonly above: boolean; readonly onMessage: boolean },
): WayOut | undefined => {
  if (panel !== 'chats') return 'panel'
  if (now.onMessage) return 'message'
  if (details) return 'details'
  return now.above ? 'past' : undefined
}

type Listed = Pick<ConversationSummary, 'id' | 'unread'>

/** The conversation above or below in the list, or the next one there with unread messages. */
export const neighbour = (
  list: readonly Listed[],
  current: ConversationId | undefined,
  step: { readonly by: 1 | -1; readonly unread: boolean },
): ConversationId | undefined => {
  const now = list.findIndex(({ id }) => id === current)
  const wanted = (one: Listed | undefined) => one !== undefined && (!step.unread || one.unread > 0)
  // From nowhere one begins at the top, whichever way one goes.
  for (let at = now === -1 ? 0 : now + step.by; at >= 0 && at < list.length; at += now === -1 ? 1 : step.by)
    if (wanted(list[at])) return list[at]?.id
  return undefined
}

type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>

/** Whether a key is the beginning of words, to be written wherever the focus is. */
export const beginsWords = ({ key, ctrlKey, metaKey, altKey }: Pressed): boolean => {
  if (altKey) return false
  if (ctrlKey || metaKey) return key.toLowerCase() === 'v'
  return key !== ' ' && [...key].length === 1
}
