import type { UserId } from '@verbatim/protocol'
import { limits } from '@verbatim/protocol/limits'
import { createSignal, For, onMount, Show } from 'solid-js'
import controls from '../parts/controls.module.css'
import { Icon } from '../parts/icons.tsx'
import { PanelHead } from '../parts/panel-head.tsx'
import { nameOf } from '../people/create-people.ts'
import { Refused } from '../session/api.ts'
import { useWindow } from '../shell/context.ts'
import { say } from '../shell/say.ts'
import styles from './details-pane.module.css'
import { PeopleChoice } from './people-choice.tsx'

/** Start a group: its name, its people, and what those who come later may read. */
export const GroupPanel = () => {
  const { messenger, router } = useWindow()
  const [name, setName] = createSignal('')
  const [members, setMembers] = createSignal<readonly UserId[]>([])
  const [whole, setWhole] = createSignal(true)
  const [error, setError] = createSignal('')
  const [busy, setBusy] = createSignal(false)
  // Minted once: a second press after a lost answer starts no second group.
  const conversation = messenger.mintGroup()

  let input: HTMLInputElement | undefined
  onMount(() => input?.focus())

  const start = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    if (busy()) return
    setBusy(true)
    try {
      const group = { conversation, name: name().trim(), members: [...members()] }
      const started = await messenger.act({
        type: 'StartGroup',
        ...group,
        history: whole() ? 'whole' : 'since-joining',
      })
      await messenger.conversations.refresh()
      if (started.conversation) router.openConversation(started.conversation)
    } catch (cause) {
      setError(say(cause instanceof Refused ? cause.reason : 'unreachable'))
    } finally {
      setBusy(false)
    }
  }

  return (
    <>
      <PanelHead title="Start a group" />
      <form class={styles.form} onSubmit={start}>
        <label class={controls.field}>
          Name of the group
          <input
            ref={input}
            class={controls.input}
            required
            autocomplete="off"
            maxlength={limits.nameCodePoints}
            value={name()}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        </label>
        <ul class={styles.chosen} aria-label="Chosen people">
          <For each={members()}>
            {(user) => (
              <li>
                <button
                  type="button"
                  class={styles.chip}
                  aria-label={`Take ${nameOf(messenger.people.get(user))} out`}
                  onClick={() => setMembers((all) => all.filter((other) => other !== user))}
                >
                  <span>{nameOf(messenger.people.get(user))}</span>
                  <Icon name="close" size={14} />
                </button>
              </li>
            )}
          </For>
        </ul>
        <PeopleChoice
          label="People for the group"
          without={members()}
          choose={(user) => setMembers((all) => [...all, user])}
        />
        <label class={styles.check}>
          <input type="checkbox" checked={whole()} onChange={(event) => setWhole(event.currentTarget.checked)} />
          Who joins later may read what was said before
        </label>
        <Show when={error()}>
          <p class={controls.error} role="alert">
            {error()}
          </p>
        </Show>
        <button type="submit" class={controls.primary} disabled={busy() || name().trim() === ''}>
          Start the group
        </button>
      </form>
    </>
  )
}
