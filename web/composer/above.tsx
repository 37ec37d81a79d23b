import { Show } from 'solid-js'
import controls from '../parts/controls.module.css'
import { Icon } from '../parts/icons.tsx'
import { nameOf } from '../people/create-people.ts'
import { useWindow } from '../shell/context.ts'
import type { Acts } from '../timeline/create-acts.ts'
import type { Shown } from '../timeline/shown.ts'
import styles from './composer.module.css'
import type { Composing } from './create-composing.ts'

/** Above the words: which message one answers or edits, and the way out of it. */
export const Above = (props: { acts: Acts; composing: Composing; messages: readonly Shown[] }) => {
  const { messenger } = useWindow()
  const message = () => {
    const id = props.composing.busyWith()
    if (id === undefined) return undefined
    const shown = props.messages.find((one) => one.id === id)
    const original = shown ?? messenger.originals.get(props.acts.conversation, id)
    return original === 'unknown' ? undefined : original
  }
  const label = () => {
    if (props.composing.kind() === 'edit') return 'Edit your message'
    const sender = message()?.sender
    if (sender === messenger.me.id) return 'Reply to yourself'
    return `Reply to ${sender ? nameOf(messenger.people.get(sender)) : '…'}`
  }
  return (
    <Show when={props.composing.busyWith()}>
      <div class={styles.above}>
        <div class={styles.aboveWords}>
          <p class={styles.aboveLabel}>{label()}</p>
          <p class={styles.aboveText}>{message()?.body?.text ?? 'Message deleted'}</p>
        </div>
        <button
          type="button"
          class={controls.icon}
          aria-label={props.composing.kind() === 'edit' ? 'Cancel the edit' : 'Cancel the reply'}
          onClick={() => props.composing.cancel()}
        >
          <Icon name="close" size={18} />
        </button>
      </div>
    </Show>
  )
}
