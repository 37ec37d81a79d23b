import type { MessageId } from '@verbatim/protocol'
import { createMemo, For, Show } from 'solid-js'
import { isLarge, tokens } from '../parts/links.ts'
import { exact } from '../parts/times.ts'
import { nameOf } from '../people/create-people.ts'
import { remembered } from '../people/remembered.ts'
import { useWindow } from '../shell/context.ts'
import styles from './bubble.module.css'
import type { Acts } from './create-acts.ts'
import { headOf } from './fold.ts'
import type { Shown } from './shown.ts'

type BubbleProps = {
  readonly message: Shown
  readonly own: boolean
  readonly first: boolean
  readonly last: boolean
  readonly acts: Acts
  /** Whether Tab leads through what stands in it. */
  readonly entry: boolean
}

/** What was said. Every word is a text node: there is no markup that a message could smuggle in. */
export const Bubble = (props: BubbleProps) => {
  const text = () => props.message.body?.text ?? ''
  const head = createMemo(() => (props.acts.unfolded().has(props.message.id) ? undefined : headOf(text())))
  return (
    <Show when={props.message.body !== null && !props.message.deleted} fallback={<Tombstone {...props} />}>
      <div
        class={styles.bubble}
        title={exact(props.message.sentAt)}
        classList={{ ...corners(props), [styles.large ?? '']: isLarge(text()) }}
      >
        <Show when={props.message.replyTo}>
          {(original) => <Quote message={original()} acts={props.acts} entry={props.entry} />}
        </Show>
        <p class={styles.text} dir="auto">
          <For each={tokens(head() ?? text())}>
            {({ text: words, href }) =>
              href === undefined ? (
                words
              ) : (
                <a href={href} target="_blank" rel="noopener noreferrer nofollow" tabindex={stop(props)}>
                  {words}
                </a>
              )
            }
          </For>
          <Show when={head() !== undefined}>
            …{' '}
            <button
              type="button"
              class={styles.unfold}
              tabindex={stop(props)}
              onClick={() => props.acts.unfold(props.message.id)}
            >
              Show all
            </button>
          </Show>
          <Show when={props.message.edited}>
            {(at) => (
              <span class={styles.edited} title={`Edited ${exact(at())}`}>
                {' '}
                edited
              </span>
            )}
          </Show>
        </p>
      </div>
    </Show>
  )
}

const stop = (props: { readonly entry: boolean }): number => (props.entry ? 0 : -1)

/** The outer corners of what one person said in a row are round, the inner ones are not. */
const corners = ({ own, first, last }: BubbleProps): Record<string, boolean> => ({
  [styles.own ?? '']: own,
  [styles.first ?? '']: first,
  [styles.last ?? '']: last,
})

const Tombstone = (props: BubbleProps) => {
  const { messenger } = useWindow()
  const mine = () => props.message.id in remembered.deleted(messenger.me.id)
  return (
    <div class={`${styles.bubble} ${styles.tombstone}`} classList={corners(props)}>
      <span>{props.message.deleted ? 'Message deleted' : 'Erased'}</span>
      <Show when={props.message.deleted && mine()}>
        <button
          type="button"
          class={styles.restore}
          tabindex={stop(props)}
          onClick={() => props.acts.restore(props.message.id)}
        >
          Restore
        </button>
      </Show>
    </div>
  )
}

const Quote = (props: { message: MessageId; acts: Acts; entry: boolean }) => {
  const { messenger } = useWindow()
  const original = () => messenger.originals.get(props.acts.conversation, props.message)
  const known = () => {
    const found = original()
    return found === 'unknown' ? undefined : found
  }
  const words = () => {
    if (original() === 'unknown') return '…'
    return known()?.body?.text ?? 'Message deleted'
  }
  return (
    <button type="button" class={styles.quote} tabindex={stop(props)} onClick={() => props.acts.jump(props.message)}>
      <span class="unseen">In reply to </span>
      <Show when={known()}>
        {(found) => <span class={styles.quoted}>{nameOf(messenger.people.get(found().sender))}</span>}
      </Show>
      <span class={styles.said}>{words()}</span>
    </button>
  )
}
