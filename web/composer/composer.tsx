import { createEffect, createSignal, createUniqueId, on, onMount, Show } from 'solid-js'
import { titleOf } from '../conversations/title.ts'
import { Icon } from '../parts/icons.tsx'
import { useWindow } from '../shell/context.ts'
import type { Acts } from '../timeline/create-acts.ts'
import type { Shown } from '../timeline/shown.ts'
import { Above } from './above.tsx'
import { Closed } from './closed.tsx'
import styles from './composer.module.css'
import { createComposing } from './create-composing.ts'
import { sayRoom } from './room.ts'

/** Where one writes: a new message, an answer, or the edit of an old one. */
export const Composer = (props: { acts: Acts; messages: readonly Shown[] }) => {
  const { messenger } = useWindow()
  const composing = createComposing(props.acts, () => props.messages)
  const summary = () => messenger.conversations.summary(props.acts.conversation)
  const title = () => titleOf(summary(), messenger.people)
  const blocked = () => {
    const peer = summary()?.peer?.id
    return peer !== undefined && messenger.people.standing(peer) === 'blocked' ? peer : undefined
  }
  const [composes, setComposes] = createSignal(false)
  const room = createUniqueId()
  let area: HTMLTextAreaElement | undefined
  let line: HTMLDivElement | undefined

  const grow = (): void => {
    if (!area || !line) return
    // Measured in a box that keeps its height: else the messages above would see the line shrink and lose their end.
    line.style.height = `${line.offsetHeight}px`
    area.style.height = 'auto'
    area.style.height = `${Math.min(area.scrollHeight, 180)}px`
    line.style.height = ''
  }
  createEffect(on(composing.text, grow))
  // Whoever chose to answer or to edit wants to write now.
  createEffect(on(composing.busyWith, () => area?.focus(), { defer: true }))
  onMount(() => {
    // On a phone the keyboard would cover what one came to read.
    if (matchMedia('(pointer: fine)').matches) area?.focus()
  })

  const onKeyDown = (event: KeyboardEvent): void => {
    // Enter that ends a composition belongs to the input method.
    if (event.isComposing || composes() || event.keyCode === 229) return
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      composing.send()
    } else if (event.key === 'Escape' && composing.busyWith() !== undefined) {
      // What is left is nothing that Escape would lead further out of.
      event.preventDefault()
      composing.cancel()
    } else if (event.key === 'ArrowUp' && composing.text() === '' && !event.altKey) {
      event.preventDefault()
      composing.editLast()
    }
  }

  return (
    <Show
      when={blocked()}
      fallback={
        <form
          class={styles.composer}
          onSubmit={(event) => {
            event.preventDefault()
            composing.send()
          }}
        >
          <Above acts={props.acts} composing={composing} messages={props.messages} />
          <div ref={line} class={styles.line}>
            <textarea
              ref={area}
              class={styles.area}
              rows="1"
              aria-label={`Write to ${title()}`}
              placeholder={`Write to ${shortened(title())}`}
              aria-invalid={composing.room() < 0}
              aria-describedby={sayRoom(composing.room()) ? room : undefined}
              data-landmark
              data-composer
              dir="auto"
              enterkeyhint="send"
              value={composing.text()}
              onInput={(event) => composing.write(event.currentTarget.value)}
              onKeyDown={onKeyDown}
              onCompositionStart={() => setComposes(true)}
              onCompositionEnd={() => setComposes(false)}
            />
            <button
              type="submit"
              class={styles.send}
              aria-label={composing.kind() === 'edit' ? 'Save' : 'Send'}
              disabled={!composing.sendable()}
            >
              <Icon name={composing.kind() === 'edit' ? 'check' : 'send'} />
            </button>
          </div>
          <div role="status">
            <Show when={sayRoom(composing.room())}>
              {(words) => (
                <p id={room} class={styles.room} classList={{ [styles.tooLong ?? '']: composing.room() < 0 }}>
                  {words()}
                </p>
              )}
            </Show>
          </div>
        </form>
      }
    >
      {(peer) => <Closed peer={peer()} title={title()} />}
    </Show>
  )
}

/** A placeholder is cut off in the middle of a letter where it does not fit. */
const shortened = (title: string): string => {
  const letters = [...title]
  return letters.length > 24 ? `${letters.slice(0, 23).join('').trimEnd()}…` : title
}
