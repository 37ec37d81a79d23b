import type { Person, UserId } from '@verbatim/protocol'
import { createEffect, createSignal, For, on, onCleanup, onMount, Show } from 'solid-js'
import { arrowsThroughRows, intoRows } from '../conversations/rows-keyboard.ts'
import controls from '../parts/controls.module.css'
import { PanelHead } from '../parts/panel-head.tsx'
import { useWindow } from '../shell/context.ts'
import styles from './people-panel.module.css'
import { PersonRow } from './person-row.tsx'

const TYPING_PAUSE = 200

/** Friends, requests, and the way to find anybody else. */
export const PeoplePanel = () => {
  const { messenger } = useWindow()
  const { people, me } = messenger
  const [query, setQuery] = createSignal('')
  const [found, setFound] = createSignal<readonly Person[]>()
  let input: HTMLInputElement | undefined
  onMount(() => input?.focus())

  createEffect(
    on(query, (words) => {
      if (words.trim() === '') return setFound(undefined)
      let current = true
      const timer = setTimeout(() => {
        people
          .find(words.trim())
          .catch(() => [])
          .then((answer) => (current ? setFound(answer.filter(({ id }) => id !== me.id)) : undefined))
      }, TYPING_PAUSE)
      onCleanup(() => {
        current = false
        clearTimeout(timer)
      })
    }),
  )

  return (
    <>
      <PanelHead title="People" />
      <div class={styles.search}>
        <input
          ref={input}
          type="search"
          class={controls.input}
          aria-label="Find people"
          placeholder="Name, @handle or id"
          autocomplete="off"
          value={query()}
          onInput={(event) => setQuery(event.currentTarget.value)}
          onKeyDown={(event) => (query().trim() !== '' || event.key !== 'Enter' ? intoRows(event) : undefined)}
        />
      </div>
      <div class={styles.body} data-rows ref={arrowsThroughRows}>
        <Show
          when={query().trim() !== ''}
          fallback={
            <>
              <Section title="Asking to be friends" users={people.social().incoming} />
              <Section title="Asked by you" users={people.social().outgoing} />
              <Section title="Friends" users={people.social().friends} />
              <Section title="Blocked" users={people.social().blocked} />
              <Show when={people.social().friends.length + people.social().incoming.length === 0}>
                <p class={styles.sentence}>Find somebody by name, handle or id, and ask to be friends.</p>
              </Show>
            </>
          }
        >
          <Section title="Found" users={(found() ?? []).map(({ id }) => id)} />
          <div role="status">
            <Show when={found()?.length === 0}>
              <p class={styles.sentence}>Nobody by that name.</p>
            </Show>
          </div>
        </Show>
      </div>
    </>
  )
}

const Section = (props: { title: string; users: readonly UserId[] }) => (
  <Show when={props.users.length > 0}>
    <section aria-label={props.title}>
      <h2 class={styles.label}>{props.title}</h2>
      <ul>
        <For each={props.users}>{(user) => <PersonRow user={user} />}</For>
      </ul>
    </section>
  </Show>
)
