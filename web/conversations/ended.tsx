import type { ConversationId } from '@verbatim/protocol'
import { For } from 'solid-js'
import controls from '../parts/controls.module.css'
import { useWindow } from '../shell/context.ts'
import styles from './conversation-pane.module.css'

/** A conversation that is no longer, or never was, the person's to see. */
export const Ended = (props: { conversation: ConversationId }) => {
  const { messenger, router } = useWindow()
  const sentence = () => {
    const name = messenger.conversations.gone(props.conversation)
    return name === undefined
      ? 'This conversation is not there, or not yours.'
      : `You are no longer in ${name ? `“${name}”` : 'this conversation'}.`
  }
  return (
    <div class={styles.nothing}>
      <p class={styles.sentence} role="status">
        {sentence()}
      </p>
      <button type="button" class={controls.primary} onClick={() => router.closeConversation()}>
        Back to chats
      </button>
    </div>
  )
}

export const LoadingMessages = () => (
  <div class={styles.loading} aria-busy="true" role="status">
    <span class="unseen">Loading messages</span>
    <For each={[52, 34, 61, 40]}>
      {(width, index) => (
        <span
          class={styles.ghost}
          classList={{ [styles.ghostOwn ?? '']: index() % 2 === 1 }}
          style={{ width: `${width}%` }}
          aria-hidden="true"
        />
      )}
    </For>
  </div>
)
