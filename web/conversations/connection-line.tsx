import { createEffect, createSignal, on, onCleanup, Show } from 'solid-js'
import { useWindow } from '../shell/context.ts'
import styles from './conversation-pane.module.css'

/** A reconnect that is over sooner than this is not worth a word. */
const PATIENCE = 900

/** How it stands with the server, when it is not well. Words, not alarms. */
export const ConnectionLine = () => {
  const { messenger } = useWindow()
  const [waiting, setWaiting] = createSignal(false)
  const kind = () => messenger.connection.state().kind
  createEffect(
    on(
      () => kind() === 'ready',
      (ready) => {
        setWaiting(false)
        if (ready) return
        const timer = setTimeout(() => setWaiting(true), PATIENCE)
        onCleanup(() => clearTimeout(timer))
      },
    ),
  )
  const words = () =>
    kind() === 'offline' ? 'You are offline. What you write is kept and sent when you are back.' : 'Connecting…'
  return (
    <div role="status">
      <Show when={waiting() || kind() === 'offline'}>
        <p class={styles.connection}>{words()}</p>
      </Show>
    </div>
  )
}
