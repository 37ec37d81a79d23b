import { Show } from 'solid-js'
import { Avatar, inkOf } from '../parts/avatar.tsx'
import controls from '../parts/controls.module.css'
import { clock } from '../parts/times.ts'
import { nameOf } from '../people/create-people.ts'
import { useWindow } from '../shell/context.ts'
import { say } from '../shell/say.ts'
import { Bubble } from './bubble.tsx'
import type { Acts } from './create-acts.ts'
import styles from './message-row.module.css'
import { MessageState, stateWords } from './message-state.tsx'
import { Reactions } from './reactions.tsx'
import { RowTools } from './row-tools.tsx'
import type { Row } from './rows.ts'

type MessageRowProps = {
  row: Extract<Row, { kind: 'message' }>
  acts: Acts
  /** Under the pointer or the focus. */
  active: boolean
  /** Tab stops here, and at no other message. */
  entry: boolean
}

export const MessageRow = (props: MessageRowProps) => {
  const { messenger } = useWindow()
  const message = () => props.row.message
  const group = () => messenger.conversations.summary(props.acts.conversation)?.kind === 'group'
  const sender = () => (props.row.own ? 'You' : nameOf(messenger.people.get(message().sender)))
  const readers = () => messenger.reads.upTo(props.acts.conversation, message().revision)
  const spoken = () => {
    const said = message().deleted ? 'Deleted message' : (message().body?.text ?? '')
    const words = [`${sender()}, ${clock(message().sentAt)}: ${said}`]
    if (message().edited) words.push('Edited')
    if (props.row.own) words.push(stateWords(message(), readers().length, group()))
    return words.filter(Boolean).join(', ')
  }
  return (
    <li
      class={styles.row}
      classList={{
        [styles.own ?? '']: props.row.own,
        [styles.first ?? '']: props.row.first,
        [styles.last ?? '']: props.row.last,
        [styles.group ?? '']: group() && !props.row.own,
      }}
      data-revision={message().sending ? undefined : message().revision}
    >
      <Show when={group() && !props.row.own && props.row.last}>
        <span class={styles.face}>
          <Avatar id={message().sender} name={sender()} size="small" />
        </span>
      </Show>
      <article
        class={styles.message}
        classList={{ [styles.flash ?? '']: props.acts.target()?.message === message().id }}
        aria-label={spoken()}
        tabindex={props.entry ? 0 : -1}
        data-message={message().id}
        onAnimationEnd={() => props.acts.arrived()}
      >
        <Show when={group() && !props.row.own && props.row.first}>
          <p class={`${styles.sender} ${styles[`name${inkOf(message().sender)}`]}`} aria-hidden="true">
            {sender()}
          </p>
        </Show>
        <div class={styles.line}>
          <Bubble
            message={message()}
            own={props.row.own}
            first={props.row.first}
            last={props.row.last}
            acts={props.acts}
            entry={props.entry}
          />
          <Show when={props.active && !message().deleted && message().sending !== 'failed'}>
            <RowTools message={message()} own={props.row.own} acts={props.acts} />
          </Show>
        </div>
        <Reactions message={message()} acts={props.acts} entry={props.entry} />
        <Show when={message().sending === 'failed'}>
          <p class={styles.failed} role="alert">
            <span>Not sent. {say(message().reason ?? 'unavailable')}</span>
            <span class={styles.ways}>
              <button
                type="button"
                class={`${controls.plain} ${controls.small}`}
                onClick={() => props.acts.retry(message().id)}
              >
                Retry
              </button>
              <button
                type="button"
                class={`${controls.danger} ${controls.small}`}
                onClick={() => props.acts.discard(message().id)}
              >
                Delete
              </button>
            </span>
          </p>
        </Show>
        <Show when={(props.row.last || message().sending === 'queued') && message().sending !== 'failed'}>
          <MessageState message={message()} own={props.row.own} readers={readers().length} group={group()} />
        </Show>
      </article>
    </li>
  )
}
