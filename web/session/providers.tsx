import { createSignal, For, onMount, Show } from 'solid-js'
import controls from '../parts/controls.module.css'
import type { Session } from './session.ts'
import styles from './sign-in.module.css'

type Provider = { readonly id: string; readonly name: string }

/** The other ways to sign in, if the server has any. They are links: the browser leaves, and comes back signed in. */
export const Providers = (props: { session: Session }) => {
  const [providers, setProviders] = createSignal<readonly Provider[]>([])
  onMount(() => {
    props.session.api
      .get<{ providers: Provider[] }>('/api/auth/providers')
      .then((answer) => setProviders(answer.providers))
      // The form is still there, and says it when the server does not answer.
      .catch(() => undefined)
  })
  return (
    <Show when={providers().length > 0}>
      <nav class={styles.ways} aria-label="Other ways to sign in">
        <p class={styles.or} aria-hidden="true">
          or
        </p>
        <For each={providers()}>
          {({ id, name }) => (
            <a class={`${controls.plain} ${styles.way}`} href={`/api/auth/oidc/${id}/start`}>
              Continue with {name}
            </a>
          )}
        </For>
      </nav>
    </Show>
  )
}
