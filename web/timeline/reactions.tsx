import { createMemo, For, Show } from 'solid-js'
import { nameOf } from '../people/create-people.ts'
import { useWindow } from '../shell/context.ts'
import type { Acts } from './create-acts.ts'
import styles from './reactions.module.css'
import type { Shown } from './shown.ts'

/** Who felt what about a message. A click joins in or takes it back. */
export const Reactions = (props: { message: Shown; acts: Acts; entry: boolean }) => {
  const { messenger } = useWindow()
  const emoji = createMemo(() => (props.message.deleted ? [] : props.message.reactions.map((one) => one.emoji)))
  const users = (one: string) => props.message.reactions.find((reaction) => reaction.emoji === one)?.users ?? []
  const names = (one: string) =>
    users(one)
      .map((user) => (user === messenger.me.id ? 'you' : nameOf(messenger.people.get(user))))
      .join(', ')
  return (
    <Show when={emoji().length > 0}>
      <ul class={styles.reactions} aria-label="Reactions">
        <For each={emoji()}>
          {(one) => (
            <li>
              <button
                type="button"
                class={styles.reaction}
                aria-pressed={users(one).includes(messenger.me.id)}
                title={names(one)}
                tabindex={props.entry ? 0 : -1}
                onClick={() => props.acts.react(props.message, one)}
              >
                <span>{one}</span>
                <span class={styles.count}>{users(one).length}</span>
                <span class="unseen"> by {names(one)}</span>
              </button>
            </li>
          )}
        </For>
      </ul>
    </Show>
  )
}
