import type { Person } from '@verbatim/protocol'
import { createSignal, For, Show } from 'solid-js'
import { Avatar } from '../parts/avatar.tsx'
import controls from '../parts/controls.module.css'
import { PanelHead } from '../parts/panel-head.tsx'
import { nameOf } from '../people/create-people.ts'
import { remembered } from '../people/remembered.ts'
import { Refused } from '../session/api.ts'
import { useWindow } from '../shell/context.ts'
import { say } from '../shell/say.ts'
import { type Appearance, appearance, setAppearance } from './appearance.ts'
import { LinkedAccounts } from './linked-accounts.tsx'
import { Sessions } from './sessions.tsx'
import styles from './settings-panel.module.css'

export const SettingsPanel = () => {
  const { messenger } = useWindow()
  const me = (): Person => messenger.people.get(messenger.me.id) ?? messenger.me
  return (
    <>
      <PanelHead title="Settings" />
      <div class={styles.body}>
        <section class={styles.me} aria-label="You">
          <Avatar id={me().id} name={nameOf(me())} size="huge" />
          <p class={styles.handle}>@{me().handle}</p>
        </section>
        <Profile />
        <AppearanceChoice />
        <LinkedAccounts />
        <Sessions />
        <SignOut />
      </div>
    </>
  )
}

const Profile = () => {
  const { messenger } = useWindow()
  const { people, toasts } = messenger
  const me = (): Person => people.get(messenger.me.id) ?? messenger.me
  const [name, setName] = createSignal(nameOf(me()))
  const save = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    try {
      await messenger.act({ type: 'ChangeProfile', name: name().trim() })
      people.learn([{ ...me(), name: name().trim() }])
      toasts.show({ text: 'Your name was changed.' })
    } catch (cause) {
      toasts.show({ text: say(cause instanceof Refused ? cause.reason : 'unreachable') })
    }
  }
  return (
    <form class={styles.section} onSubmit={save}>
      <label class={controls.field}>
        Your name
        <input
          class={controls.input}
          required
          maxlength="64"
          autocomplete="name"
          value={name()}
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </label>
      <Show when={name().trim() !== '' && name().trim() !== me().name}>
        <button type="submit" class={controls.primary}>
          Change
        </button>
      </Show>
    </form>
  )
}

const looks: readonly [Appearance, string][] = [
  ['system', 'As the system'],
  ['light', 'Light'],
  ['dark', 'Dark'],
]

const AppearanceChoice = () => (
  <fieldset class={styles.fieldset}>
    <legend class={styles.label}>Appearance</legend>
    <div class={styles.choices}>
      <For each={looks}>
        {([value, label]) => (
          <label class={styles.choice}>
            <input
              type="radio"
              name="appearance"
              checked={appearance() === value}
              onChange={() => setAppearance(value)}
            />
            {label}
          </label>
        )}
      </For>
    </div>
  </fieldset>
)

const SignOut = () => {
  const { messenger } = useWindow()
  const [asking, setAsking] = createSignal(false)
  const unsent = () => messenger.outbox.queue().filter(({ state }) => state !== 'sent').length

  const signOut = async (): Promise<void> => {
    try {
      await messenger.session.logout()
      // Only after the server has ended the session: else the words would be lost for nothing.
      await messenger.outbox.clear()
      remembered.forget(messenger.me.id)
    } catch (cause) {
      messenger.toasts.show({ text: say(cause instanceof Refused ? cause.reason : 'unreachable') })
    }
  }
  const ask = (): void => {
    if (unsent() > 0) setAsking(true)
    else void signOut()
  }
  return (
    <section class={styles.section}>
      <Show when={asking()}>
        <p class={styles.ask} role="alert">
          {unsent() === 1 ? 'One message has' : `${unsent()} messages have`} not been sent. Signing out discards{' '}
          {unsent() === 1 ? 'it' : 'them'}.
        </p>
      </Show>
      <button type="button" class={controls.danger} onClick={() => (asking() ? void signOut() : ask())}>
        {asking() ? 'Sign out and discard' : 'Sign out'}
      </button>
    </section>
  )
}
