import type { Person, UserId } from '@verbatim/protocol'
import { createEffect, createSignal, For, on, onCleanup, onMount, Show } from 'solid-js'
import { Avatar } from '../parts/avatar.tsx'
import controls from '../parts/controls.module.css'
import { nameOf } from '../people/create-people.ts'
import { useWindow } from '../shell/context.ts'
import styles from './details-pane.module.css'

type PeopleChoiceProps = {
  readonly label: string
  readonly without: readonly UserId[]
  readonly choose: (user: UserId) => void
  /** Takes the focus when it appears. */
  readonly focus?: boolean
}

const TYPING_PAUSE = 200

/** Choose a person: friends at once, anybody else by searching. */
export const PeopleChoice = (props: PeopleChoiceProps) => {
  const { messenger } = useWindow()
  const { people, me } = messenger
  const [query, setQuery] = createSignal('')
  const [found, setFound] = createSignal<readonly Person[]>()
  let input: HTMLInputElement | undefined
  onMount(() => (props.focus ? input?.focus() : undefined))
  createEffect(
    on(query, (words) => {
      setFound(undefined)
      if (words.trim() === '') return
      let current = true
      const timer = setTimeout(() => {
        people
          .find(words.trim())
          .catch(() => [])
          .then((answer) => (current ? setFound(answer) : undefined))
      }, TYPING_PAUSE)
      onCleanup(() => {
        current = false
        clearTimeout(timer)
      })
    }),
  )
  const searching = () => query().trim() !== ''
  const choices = () =>
    (searching() ? (found() ?? []).map(({ id }) => id) : people.social().friends).filter(
      (id) => id !== me.id && !props.without.includes(id),
    )
  /** Not while the answer is on its way. */
  const nobody = () => choices().length === 0 && (!searching() || found() !== undefined)
  const choose = (user: UserId): void => {
    setQuery('')
    input?.focus()
    props.choose(user)
  }
  return (
    <div class={styles.choice}>
      <input
        ref={input}
        type="search"
        class={controls.input}
        aria-label={props.label}
        placeholder="Name or handle"
        autocomplete="off"
        value={query()}
        onInput={(event) => setQuery(event.currentTarget.value)}
      />
      <ul aria-label="People to choose from">
        <For each={choices()}>
          {(user) => (
            <li>
              <button type="button" class={styles.choose} onClick={() => choose(user)}>
                <span class="unseen">Add </span>
                <Avatar id={user} name={nameOf(people.get(user))} size="small" />
                <span class={styles.memberName}>{nameOf(people.get(user))}</span>
                <span class={styles.role}>@{people.get(user)?.handle}</span>
              </button>
            </li>
          )}
        </For>
      </ul>
      <div role="status">
        <Show when={nobody()}>
          <p class={styles.none}>{searching() ? 'Nobody else by that name.' : 'Find anybody by name or handle.'}</p>
        </Show>
      </div>
    </div>
  )
}
