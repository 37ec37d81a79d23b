import { Show } from 'solid-js'
import { Icon } from '../parts/icons.tsx'
import { clock, exact } from '../parts/times.ts'
import styles from './message-row.module.css'
import type { Shown } from './shown.ts'

type MessageStateProps = { message: Shown; own: boolean; readers: number; group: boolean }

/** The time under the last message of a row of them and, of one's own, how far it got. Hidden from readers: the message's label says it. */
export const MessageState = (props: MessageStateProps) => {
  const words = () => stateWords(props.message, props.readers, props.group)
  return (
    <p class={styles.state} aria-hidden="true">
      <time dateTime={props.message.sentAt} title={exact(props.message.sentAt)}>
        {clock(props.message.sentAt)}
      </time>
      <Show when={props.own}>
        <Show when={props.readers > 0 && props.group}>
          <span>· {words()}</span>
        </Show>
        <span class={styles.tick} classList={{ [styles.read ?? '']: props.readers > 0 }} title={words()}>
          <Icon name={iconOf(props.message, props.readers)} size={16} />
        </span>
      </Show>
    </p>
  )
}

const iconOf = ({ sending }: Shown, readers: number) => {
  if (sending === 'queued') return 'clock'
  return readers > 0 ? 'ticks' : 'tick'
}

export const stateWords = ({ sending }: Shown, readers: number, group: boolean): string => {
  if (sending === 'queued') return 'Waiting to be sent'
  if (sending === 'failed') return 'Not sent'
  if (readers === 0) return 'Sent'
  return group ? `Read by ${readers}` : 'Read'
}
