import type { ConversationId } from '@verbatim/protocol'
import { Avatar } from '../parts/avatar.tsx'
import controls from '../parts/controls.module.css'
import { Icon } from '../parts/icons.tsx'
import { useWindow } from '../shell/context.ts'
import styles from './conversation-pane.module.css'
import { titleOf } from './title.ts'

export const ConversationHead = (props: { conversation: ConversationId }) => {
  const { messenger, router } = useWindow()
  const summary = () => messenger.conversations.summary(props.conversation)
  const title = () => titleOf(summary(), messenger.people)
  const below = () => {
    const one = summary()
    if (one?.kind === 'direct') return one.peer?.handle ? `@${one.peer.handle}` : ''
    const count = messenger.conversations.details(props.conversation)?.members.length
    return count === undefined ? '' : count === 1 ? '1 member' : `${count} members`
  }
  return (
    <header class={styles.head}>
      <button
        type="button"
        class={`${controls.icon} ${styles.back}`}
        aria-label="Back to chats"
        onClick={() => router.closeConversation()}
      >
        <Icon name="back" />
      </button>
      <Avatar
        id={summary()?.peer?.id ?? props.conversation}
        name={title()}
        group={summary()?.kind === 'group'}
        size="large"
      />
      <div class={styles.names}>
        <h2 class={styles.title}>{title()}</h2>
        <p class={styles.below}>{below()}</p>
      </div>
      <button
        type="button"
        class={controls.icon}
        aria-label="Details"
        title="Details"
        aria-expanded={router.route().details}
        onClick={() => router.toggleDetails()}
      >
        <Icon name="info" />
      </button>
    </header>
  )
}
