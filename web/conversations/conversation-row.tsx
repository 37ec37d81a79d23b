import type { ConversationId } from '@verbatim/protocol'
import { createMemo, Show } from 'solid-js'
import { Avatar } from '../parts/avatar.tsx'
import { listTime } from '../parts/times.ts'
import { nameOf } from '../people/create-people.ts'
import { useWindow } from '../shell/context.ts'
import { shownMessages } from '../timeline/shown.ts'
import styles from './conversation-list.module.css'
import { titleOf } from './title.ts'

/** @param props.passed Tab goes past it: arrows reach it from the rows beside it. */
export const ConversationRow = (props: { conversation: ConversationId; passed?: boolean }) => {
  const { messenger, router } = useWindow()
  const { conversations, people, outbox, drafts, me } = messenger
  const summary = createMemo(() => conversations.summary(props.conversation))
  const title = () => titleOf(summary(), people)
  const open = () => router.route().conversation === props.conversation
  const draft = () => (open() ? '' : drafts.read(props.conversation).text.trim())
  /** The last thing said, one's own on its way included. */
  const last = createMemo(() => {
    const stored = summary()?.last
    const mine = outbox.queue().filter(({ command }) => command.conversation === props.conversation)
    return shownMessages(stored ? [stored] : [], mine, me.id).at(-1)
  })
  const said = () => {
    const message = last()
    if (message === undefined) return 'Nothing said yet'
    if (message.body === null) return 'Message deleted'
    const text = message.body.text ?? ''
    if (message.sender === me.id) return `You: ${text}`
    if (summary()?.kind === 'direct') return text
    return `${nameOf(people.get(message.sender)).split(' ')[0]}: ${text}`
  }
  const unread = () => (open() && document.hasFocus() ? 0 : (summary()?.unread ?? 0))

  return (
    <li>
      <button
        type="button"
        data-row
        class={styles.row}
        tabindex={props.passed ? -1 : 0}
        aria-current={open() ? 'page' : undefined}
        onClick={() => router.openConversation(props.conversation)}
      >
        <Avatar id={summary()?.peer?.id ?? props.conversation} name={title()} group={summary()?.kind === 'group'} />
        <span class={styles.name}>{title()}</span>
        <Show when={last()}>{(message) => <time class={styles.time}>{listTime(message().sentAt)}</time>}</Show>
        <span class={styles.said}>
          <Show when={draft()} fallback={said()}>
            <span class={styles.draft}>Draft:</span> {draft()}
          </Show>
        </span>
        <Show when={last()?.sending === 'failed'}>
          <span class={styles.failed} role="img" aria-label="Not sent">
            !
          </span>
        </Show>
        <Show when={unread() > 0}>
          <span class={styles.badge}>
            {unread() > 99 ? '99+' : unread()}
            <span class="unseen"> unread</span>
          </span>
        </Show>
      </button>
    </li>
  )
}
