import type { SessionView } from '@verbatim/protocol'
import { createSignal, For, onMount, Show } from 'solid-js'
import controls from '../parts/controls.module.css'
import { listTime } from '../parts/times.ts'
import { useWindow } from '../shell/context.ts'
import styles from './settings-panel.module.css'

/** Where one is signed in, and the way to end it from here. */
export const Sessions = () => {
  const { messenger } = useWindow()
  const [sessions, setSessions] = createSignal<readonly SessionView[]>([])
  onMount(() => {
    messenger.api
      .get<{ sessions: SessionView[] }>('/api/me/sessions')
      .then((answer) => setSessions(answer.sessions))
      .catch(() => undefined)
  })
  const end = async (session: SessionView): Promise<void> => {
    try {
      await messenger.api.remove(`/api/me/sessions/${session.id}`)
      setSessions((all) => all.filter(({ id }) => id !== session.id))
    } catch {
      messenger.toasts.show({ text: 'That session could not be ended. Try again.' })
    }
  }
  return (
    <section class={styles.section} aria-label="Sessions">
      <h2 class={styles.label}>Where you are signed in</h2>
      <ul>
        <For each={sessions()}>
          {(session) => (
            <li class={styles.session}>
              <span class={styles.device}>
                <span class={styles.deviceName}>{session.device}</span>
                <span class={styles.seen}>
                  {session.current ? 'This browser' : `Last seen ${listTime(session.lastSeen)}`}
                </span>
              </span>
              <Show when={!session.current}>
                <button
                  type="button"
                  class={`${controls.plain} ${controls.small}`}
                  aria-label={`Sign out ${session.device}`}
                  onClick={() => void end(session)}
                >
                  Sign out
                </button>
              </Show>
            </li>
          )}
        </For>
      </ul>
    </section>
  )
}
