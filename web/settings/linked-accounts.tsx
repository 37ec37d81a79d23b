import { createSignal, For, onMount, Show } from 'solid-js'
import controls from '../parts/controls.module.css'
import { Refused } from '../session/api.ts'
import { sayFault } from '../session/returned.ts'
import { useWindow } from '../shell/context.ts'
import { say } from '../shell/say.ts'
import styles from './settings-panel.module.css'

type Provider = { readonly id: string; readonly name: string; readonly linked: boolean }

/** By which providers one can sign in, and the way to link another one. Nothing where the server has none. */
export const LinkedAccounts = () => {
  const { messenger } = useWindow()
  const [providers, setProviders] = createSignal<readonly Provider[]>([])
  onMount(() => {
    messenger.api
      .get<{ providers: Provider[] }>('/api/me/providers')
      .then((answer) => setProviders(answer.providers))
      .catch(() => undefined)
  })
  const link = async ({ id }: Provider): Promise<void> => {
    try {
      const { url } = await messenger.api.post<{ url: string }>(`/api/me/providers/${id}`)
      location.assign(url)
    } catch (cause) {
      messenger.toasts.show({ text: sentenceOf(cause) })
    }
  }
  return (
    <Show when={providers().length > 0}>
      <section class={styles.section} aria-label="Linked accounts">
        <h2 class={styles.label}>Linked accounts</h2>
        <ul>
          <For each={providers()}>
            {(provider) => (
              <li class={styles.session}>
                <span class={styles.device}>
                  <span class={styles.deviceName}>{provider.name}</span>
                  <span class={styles.seen}>{provider.linked ? 'Linked' : 'Not linked'}</span>
                </span>
                <Show when={!provider.linked}>
                  <button
                    type="button"
                    class={`${controls.plain} ${controls.small}`}
                    aria-label={`Link ${provider.name}`}
                    onClick={() => void link(provider)}
                  >
                    Link
                  </button>
                </Show>
              </li>
            )}
          </For>
        </ul>
      </section>
    </Show>
  )
}

const sentenceOf = (cause: unknown): string => {
  if (!(cause instanceof Refused)) return say('unreachable')
  return cause.reason === 'unavailable' && cause.detail ? sayFault(cause.detail) : say(cause.reason)
}
