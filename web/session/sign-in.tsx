import { limits } from '@verbatim/protocol/limits'
import { createSignal, Show, untrack } from 'solid-js'
import controls from '../parts/controls.module.css'
import { Mark } from '../parts/mark.tsx'
import { say } from '../shell/say.ts'
import { Refused } from './api.ts'
import { Providers } from './providers.tsx'
import type { Notice } from './returned.ts'
import type { Session } from './session.ts'
import styles from './sign-in.module.css'

/** Sign in, or make an account: one form, two manners. */
export const SignIn = (props: { session: Session; notice: Notice }) => {
  const [making, setMaking] = createSignal(false)
  const [handle, setHandle] = createSignal('')
  const [name, setName] = createSignal('')
  const [password, setPassword] = createSignal('')
  const [error, setError] = createSignal(untrack(() => props.notice.take()))
  const [busy, setBusy] = createSignal(false)

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    if (busy()) return
    const wrong = making() ? faultOf(handle(), password()) : ''
    setError(wrong)
    if (wrong) return
    setBusy(true)
    try {
      const who = { handle: handle().trim().toLowerCase(), password: password() }
      await (making() ? props.session.register({ ...who, name: name().trim() }) : props.session.login(who))
    } catch (cause) {
      setError(cause instanceof Refused ? say(cause.reason) : say('unreachable'))
    } finally {
      setBusy(false)
    }
  }
  const turn = () => {
    setMaking(!making())
    setError('')
  }

  return (
    <main class={styles.page}>
      <form class={styles.card} onSubmit={submit} aria-labelledby="sign-in-title">
        <header class={styles.head}>
          <Mark size={40} />
          <h1 id="sign-in-title" class={styles.title}>
            {making() ? 'Make an account' : 'Welcome back'}
          </h1>
          <p class={styles.said}>What was said is kept, word for word.</p>
        </header>
        <Show when={making()}>
          <label class={controls.field}>
            Name
            <input
              class={controls.input}
              name="name"
              autocomplete="name"
              required
              maxlength={limits.nameCodePoints}
              value={name()}
              onInput={(event) => setName(event.currentTarget.value)}
            />
          </label>
        </Show>
        <label class={controls.field}>
          Handle
          <input
            class={controls.input}
            name="handle"
            autocomplete="username"
            autocapitalize="none"
            spellcheck={false}
            required
            maxlength={32}
            value={handle()}
            onInput={(event) => setHandle(event.currentTarget.value)}
          />
          <Show when={making()}>
            <span class={controls.hint}>3 to 32 letters, digits or underscores. Others find you by it.</span>
          </Show>
        </label>
        <label class={controls.field}>
          Password
          <input
            class={controls.input}
            name="password"
            type="password"
            autocomplete={making() ? 'new-password' : 'current-password'}
            required
            value={password()}
            onInput={(event) => setPassword(event.currentTarget.value)}
          />
          <Show when={making()}>
            <span class={controls.hint}>At least {limits.passwordBytes.min} characters.</span>
          </Show>
        </label>
        <p class={controls.error} role="alert">
          {error()}
        </p>
        <button type="submit" class={controls.primary} disabled={busy()}>
          {making() ? 'Make account' : 'Sign in'}
        </button>
        <Providers session={props.session} />
        <p class={styles.turn}>
          {making() ? 'You have one already?' : 'New here?'}{' '}
          <button type="button" class={styles.link} onClick={turn}>
            {making() ? 'Sign in' : 'Make an account'}
          </button>
        </p>
      </form>
    </main>
  )
}

const faultOf = (handle: string, password: string): string => {
  if (!limits.handlePattern.test(handle.trim().toLowerCase()))
    return 'A handle has 3 to 32 letters a–z, digits or underscores.'
  return new TextEncoder().encode(password).length < limits.passwordBytes.min
    ? `A password has at least ${limits.passwordBytes.min} characters.`
    : ''
}
