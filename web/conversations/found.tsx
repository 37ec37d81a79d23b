import type { Person } from '@verbatim/protocol'
import { createEffect, createMemo, createSignal, For, on, onCleanup, Show } from 'solid-js'
import { PersonRow } from '../people/person-row.tsx'
import { useWindow } from '../shell/context.ts'
import styles from './conversation-list.module.css'
import { ConversationRow } from './conversation-row.tsx'
import { arrowsThroughRows } from './rows-keyboard.ts'
import { titleOf } from './title.ts'

const TYPING_PAUSE = 200

/** What a search found: one's own conversations at once, people when the server has answered. */
export const Found = (props: { query: string }) => {
  const { messenger } = useWindow()
  const { conversations, people, me } = messenger
  const [found, setFound] = createSignal<readonly Person[]>()

  const mine = createMemo(() => {
    const words = props.query.toLocaleLowerCase()
    return conversations
      .list()
      .flatMap((one) => (titleOf(one, people).toLocaleLowerCase().includes(words) ? [one.id] : []))
  })
  createEffect(
    on(
      () => props.query,
      (query) => {
        let current = true
        const timer = setTimeout(() => {
          people
            .find(query)
            .catch(() => [])
            .then((answer) => (current ? setFound(answer.filter(({ id }) => id !== me.id)) : undefined))
        }, TYPING_PAUSE)
        onCleanup(() => {
          current = false
          clearTimeout(timer)
        })
      },
    ),
  )
  const nothing = () => mine().length === 0 && found()?.length === 0

  return (
    <div class={styles.rows} data-rows ref={arrowsThroughRows}>
      <Show when={mine().length > 0}>
        <h2 class={styles.label}>Chats</h2>
        <ul>
          <For each={mine()}>{(id) => <ConversationRow conversation={id} />}</For>
        </ul>
      </Show>
      <Show when={found()?.length}>
        <h2 class={styles.label}>People</h2>
        <ul>
          <For each={found()}>{(person) => <PersonRow user={person.id} />}</For>
        </ul>
      </Show>
      <div role="status">
        <Show when={nothing()}>
          <p class={`${styles.nothing} ${styles.sentence}`}>Nobody and nothing by that name.</p>
        </Show>
      </div>
    </div>
  )
}
