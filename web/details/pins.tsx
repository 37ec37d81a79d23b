import type { ConversationId, MessageId } from '@verbatim/protocol'
import { For } from 'solid-js'
import { listTime } from '../parts/times.ts'
import { nameOf } from '../people/create-people.ts'
import { useWindow } from '../shell/context.ts'
import { headOf } from '../timeline/fold.ts'
import styles from './details-pane.module.css'

/** The pinned words, the newest first. */
export const Pins = (props: { conversation: ConversationId; pins: readonly MessageId[] }) => (
  <section class={styles.section} aria-label="Pinned">
    <h3 class={styles.label}>Pinned</h3>
    <ul class={styles.pins}>
      <For each={[...props.pins].reverse().slice(0, 10)}>
        {(pin) => <PinnedWords conversation={props.conversation} message={pin} />}
      </For>
    </ul>
  </section>
)

const PinnedWords = (props: { conversation: ConversationId; message: MessageId }) => {
  const { messenger, router } = useWindow()
  const original = () => {
    const found = messenger.originals.get(props.conversation, props.message)
    return found === 'unknown' ? undefined : found
  }
  const words = () => {
    const text = original()?.body?.text ?? '…'
    const head = headOf(text)
    return head === undefined ? text : `${head}…`
  }
  return (
    <li>
      <button type="button" class={styles.pin} onClick={() => router.openMessage(props.conversation, props.message)}>
        <span class="unseen">Go to </span>
        <q>{words()}</q>{' '}
        <span class={styles.by}>
          {original() &&
            `${nameOf(messenger.people.get(original()?.sender ?? messenger.me.id))}, ${listTime(original()?.sentAt ?? '')}`}
        </span>
      </button>
    </li>
  )
}
