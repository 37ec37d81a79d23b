import { limits } from '@verbatim/protocol/limits'
import { createEffect, createSignal, on, onMount, Show } from 'solid-js'
import { titleOf } from '../conversations/title.ts'
import controls from '../parts/controls.module.css'
import { Icon } from '../parts/icons.tsx'
import { createFriendship } from '../people/create-friendship.ts'
import { useWindow } from '../shell/context.ts'
import type { Acts } from '../timeline/create-acts.ts'
import type { Shown } from '../timeline/shown.ts'
import { Above } from './above.tsx'
import styles from './composer.module.css'
import { createComposing } from './create-composing.ts'

/** Where one writes: a new message, an answer, or the edit of an old one. */
export const Composer = (props: { acts: Acts; messages: readonly Shown[] }) => {
  const { messenger } = useWindow()
  const friendship = createFriendship()
  const composing = createComposing(props.acts, () => props.messages)
  const summary = () => messenger.conversations.summary(props.acts.conversation)
  const title = () => titleOf(summary(), messenger.people)
  const blocked = () => {
    const peer = summary()?.peer?.id
    return peer !== undefined && messenger.people.standing(peer) === 'blocked' ? peer : undefined
  }
  const [composes, setComposes] = createSignal(false)
  let area: HTMLTextAreaElement | undefined

  const grow = (): void => {
    if (!area) return
    area.style.height = 'auto'
    area.style.height = `${Math.min(area.scrollHeight, 180)}px`
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
    } else if (event.key === 'Escape') composing.cancel()
    else if (event.key === 'ArrowUp' && composing.text() === '' && !event.altKey) {
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
          <div class={styles.line}>
            <textarea
              ref={area}
              class={styles.area}
              rows="1"
              aria-label={`Write to ${title()}`}
              placeholder={`Write to ${title()}`}
              data-landmark
              dir="auto"
              maxlength={limits.textCodePoints}
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
              disabled={composing.text().trim() === ''}
            >
              <Icon name={composing.kind() === 'edit' ? 'check' : 'send'} />
            </button>
          </div>
        </form>
      }
    >
      {(peer) => (
        <div class={styles.closed}>
          <p>You have blocked {title()}.</p>
          <button
            type="button"
            class={`${controls.plain} ${controls.small}`}
            onClick={() => friendship.change('Unblock', peer())}
          >
            Unblock
          </button>
        </div>
      )}
    </Show>
  )
}
