import { createEffect, Match, Show, Switch } from 'solid-js'
import { ConnectionLine } from '../conversations/connection-line.tsx'
import { ConversationPane } from '../conversations/conversation-pane.tsx'
import { ConversationsPanel } from '../conversations/conversations-panel.tsx'
import { NoConversation } from '../conversations/no-conversation.tsx'
import { unreadInAll } from '../conversations/summaries.ts'
import { DetailsPane } from '../details/details-pane.tsx'
import { GroupPanel } from '../details/group-panel.tsx'
import { Toasts } from '../parts/toast-list.tsx'
import { PeoplePanel } from '../people/people-panel.tsx'
import { SettingsPanel } from '../settings/settings-panel.tsx'
import { useWindow } from './context.ts'
import { createKeyboard } from './keyboard.ts'
import { LiveRegion } from './live-region.tsx'
import styles from './shell.module.css'
import { createViewport } from './viewport.ts'

/** List, conversation, details: side by side where there is room, one at a time on a phone. */
export const Shell = () => {
  const { messenger, router } = useWindow()
  createKeyboard()
  createViewport()
  createEffect(() => {
    const unread = unreadInAll(messenger.conversations.list())
    document.title = unread > 0 ? `(${unread}) Verbatim` : 'Verbatim'
  })
  const shown = () => {
    const { conversation, panel, details } = router.route()
    if (panel !== 'chats' || conversation === undefined) return 'list'
    return details ? 'details' : 'conversation'
  }
  return (
    <div class={styles.shell} data-shown={shown()} data-details={router.route().details ? '' : undefined}>
      <nav class={styles.list} aria-label="Conversations" data-landmark tabindex="-1">
        <Show when={shown() === 'list'}>
          <div class={styles.line} classList={{ [styles.beside ?? '']: router.route().conversation !== undefined }}>
            <ConnectionLine />
          </div>
        </Show>
        <Switch fallback={<ConversationsPanel />}>
          <Match when={router.route().panel === 'people'}>
            <PeoplePanel />
          </Match>
          <Match when={router.route().panel === 'group'}>
            <GroupPanel />
          </Match>
          <Match when={router.route().panel === 'settings'}>
            <SettingsPanel />
          </Match>
        </Switch>
      </nav>
      <main class={styles.main}>
        <Show when={router.route().conversation} keyed fallback={<NoConversation />}>
          {(conversation) => <ConversationPane conversation={conversation} />}
        </Show>
      </main>
      <Show when={router.route().details ? router.route().conversation : undefined} keyed>
        {(conversation) => <DetailsPane conversation={conversation} />}
      </Show>
      <Toasts />
      <LiveRegion />
    </div>
  )
}
