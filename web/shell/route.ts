import type { MessageId } from '@verbatim/protocol'
import { type ConversationId, isConversationId, isUlid } from '@verbatim/protocol/ids'
import { createSignal, onCleanup } from 'solid-js'

export type Panel = 'chats' | 'people' | 'settings' | 'group'
export type Route = {
  readonly conversation?: ConversationId
  /** The message that is to be looked at, until one has come to it. */
  readonly message?: MessageId
  readonly panel: Panel
  readonly details: boolean
}

const panels = new Set<string>(['people', 'settings', 'group'])
const isPanel = (text: string | null): text is Panel => text !== null && panels.has(text)

/** The place in the app, kept behind the `#` so that the server needs no paths of the client's. */
export const parseRoute = (hash: string): Route => {
  const parts = new URLSearchParams(hash.replace(/^#/, ''))
  const conversation = parts.get('c')
  const message = parts.get('m')
  const panel = parts.get('panel')
  return {
    ...(isConversationId(conversation) && { conversation, ...(isUlid(message) && { message }) }),
    panel: isPanel(panel) ? panel : 'chats',
    details: parts.has('details'),
  }
}

export const writeRoute = ({ conversation, message, panel, details }: Route): string => {
  const parts = new URLSearchParams()
  if (conversation) parts.set('c', conversation)
  if (conversation && message) parts.set('m', message)
  if (panel !== 'chats') parts.set('panel', panel)
  if (details) parts.set('details', '')
  return `#${parts}`
}

export type Router = ReturnType<typeof createRouter>

export const createRouter = () => {
  const [route, setRoute] = createSignal(parseRoute(location.hash))
  const follow = () => setRoute(parseRoute(location.hash))
  window.addEventListener('popstate', follow)
  onCleanup(() => window.removeEventListener('popstate', follow))

  const go = (next: Route): void => {
    if (writeRoute(next) === writeRoute(route())) return
    history.pushState({ before: writeRoute(route()) }, '', writeRoute(next))
    setRoute(next)
  }
  /** On a phone a pane fills the window, and the way back is the browser's own: else its Back would lead in again. */
  const back = (next: Route): void => {
    if (history.state?.before === writeRoute(next) && matchMedia('(max-width: 719px)').matches) history.back()
    else go(next)
  }
  return {
    route,
    openConversation: (conversation: ConversationId): void => go({ conversation, panel: 'chats', details: false }),
    openMessage: (conversation: ConversationId, message: MessageId): void => {
      // Where there is no room for both, the details give way.
      const details = route().details && !matchMedia('(max-width: 1079px)').matches
      go({ conversation, message, panel: 'chats', details })
    },
    /** One has come to the message that was to be looked at. */
    arrived: (): void => {
      const { message: _, ...rest } = route()
      history.replaceState(history.state, '', writeRoute(rest))
      setRoute(rest)
    },
    closeConversation: (): void => back({ panel: 'chats', details: false }),
    openPanel: (panel: Panel): void => go({ ...route(), panel, details: false }),
    /** Back to the list, and the focus to what had opened the panel. */
    closePanel: (): void => {
      const { panel } = route()
      back({ ...route(), panel: 'chats', details: false })
      setTimeout(() => document.querySelector<HTMLElement>(`[data-opens~="${panel}"]`)?.focus())
    },
    toggleDetails: (): void => {
      const { details } = route()
      if (details) back({ ...route(), details: false })
      else go({ ...route(), details: true })
    },
  }
}
