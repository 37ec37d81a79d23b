import { createSignal, For, onMount, Show } from 'solid-js'
import controls from '../parts/controls.module.css'
import { Refused } from '../session/api.ts'
import { sayFault } from '../session/returned.ts'
import { useWindow } from '../shell/context.ts'
import { say } from '../shell/say.ts'
import styles from './settings-panel.module.css'

type Provider = { readonly id: string; readonly name: string; readonly linked: boolean }

/** By which providers one can sign in, and the ways to link another one and to unlink it. Nothing where the server has none. */
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
  const unlink = async ({ id }: Provider): Promise<void> => {
    try {
      await messenger.api.remove(`/api/me/providers/${id}`)
      setProviders((all) => all.map((one) => (one.id === id ? { ...one, linked: false } : one)))
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
              <Linked provider={provider} link={() => void link(provider)} unlink={() => void unlink(provider)} />
            )}
          </For>
        </ul>
      </section>
    </Show>
  )
}

const Linked = (props: { provider: Provider; link: () => void; unlink: () => void }) => {
  const [asking, setAsking] = createSignal(false)
  const small = (look: string | undefined): string => `${look} ${controls.small}`
  const unlink = (): void => {
    if (asking()) props.unlink()
    setAsking(!asking())
  }
  return (
    <li>
      <div class={styles.session}>
        <span class={styles.device}>
          <span class={styles.deviceName}>{props.provider.name}</span>
          <span class={styles.seen}>{props.provider.linked ? 'Linked' : 'Not linked'}</span>
        </span>
        <Show when={asking()}>
          <button type="button" class={small(controls.plain)} onClick={() => setAsking(false)}>
            Keep
          </button>
        </Show>
        <Show
          when={props.provider.linked}
          fallback={
            <button
              type="button"
              class={small(controls.plain)}
              aria-label={`Link ${props.provider.name}`}
              onClick={() => props.link()}
            >
              Link
            </button>
          }
        >
          {/* One button that changes its words, so that the keyboard stays where it is. */}
          <button
            type="button"
            class={small(asking() ? controls.danger : controls.plain)}
            aria-label={asking() ? undefined : `Unlink ${props.provider.name}`}
            onClick={unlink}
          >
            {asking() ? 'Yes, unlink' : 'Unlink'}
          </button>
        </Show>
      </div>
      <Show when={asking()}>
        <p class={styles.ask} role="alert">
          You can then no longer sign in with {props.provider.name}.
        </p>
      </Show>
    </li>
  )
}

const sentenceOf = (cause: unknown): string => {
  if (!(cause instanceof Refused)) return say('unreachable')
  return cause.reason === 'unavailable' && cause.detail ? sayFault(cause.detail) : say(cause.reason)
}
