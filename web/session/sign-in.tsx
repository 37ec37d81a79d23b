import { limits } from '@verbatim/protocol/limits'
import { Show } from 'solid-js'
import controls from '../parts/controls.module.css'
import { Mark } from '../parts/mark.tsx'
import { createSignIn } from './create-sign-in.ts'
import { Providers } from './providers.tsx'
import type { Notice } from './returned.ts'
import type { Session } from './session.ts'
import styles from './sign-in.module.css'

/** Sign in, or make an account: one form, two manners. */
export const SignIn = (props: { session: Session; notice: Notice }) => {
  const form = createSignIn(props)
  const { making, fault } = form
  return (
    <main class={styles.page}>
      <form ref={form.attach} class={styles.card} onSubmit={form.submit} aria-labelledby="sign-in-title">
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
              value={form.name()}
              {...form.marks('name')}
              onInput={(event) => form.setName(event.currentTarget.value)}
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
            value={form.handle()}
            {...form.marks('handle')}
            onInput={(event) => form.setHandle(event.currentTarget.value)}
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
            value={form.password()}
            {...form.marks('password')}
            onInput={(event) => form.setPassword(event.currentTarget.value)}
          />
          <Show when={making()}>
            <span class={controls.hint}>At least {limits.passwordBytes.min} characters.</span>
          </Show>
        </label>
        <p id="sign-in-fault" class={controls.error} role="alert">
          {fault().words}
        </p>
        <button type="submit" class={controls.primary} disabled={form.busy()}>
          {making() ? 'Make account' : 'Sign in'}
        </button>
        <Providers session={props.session} />
        <p class={styles.turn}>
          {making() ? 'You have one already?' : 'New here?'}{' '}
          <button type="button" class={styles.link} onClick={form.turn}>
            {making() ? 'Sign in' : 'Make an account'}
          </button>
        </p>
      </form>
    </main>
  )
}
