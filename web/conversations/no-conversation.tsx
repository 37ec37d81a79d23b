import { Show } from 'solid-js'
import controls from '../parts/controls.module.css'
import { useWindow } from '../shell/context.ts'
import styles from './conversation-pane.module.css'

/** Nothing is open. */
export const NoConversation = () => {
  const { messenger, router } = useWindow()
  const empty = () => messenger.conversations.loaded() && messenger.conversations.list().length === 0
  return (
    <div class={styles.nothing}>
      <p class={styles.sentence}>{empty() ? 'Nothing has been said yet.' : 'Choose a conversation, or begin one.'}</p>
      <Show when={messenger.conversations.loaded()}>
        <button type="button" class={controls.primary} onClick={() => router.openPanel('people')}>
          Find people
        </button>
      </Show>
    </div>
  )
}
