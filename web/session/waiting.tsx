import controls from '../parts/controls.module.css'
import { Mark } from '../parts/mark.tsx'
import styles from './sign-in.module.css'

/** While nobody knows yet whether somebody is signed in. */
export const Waiting = () => (
  <main class={styles.page} aria-busy="true">
    <div class={styles.quiet}>
      <Mark size={44} />
      <span class="unseen" role="status">
        Opening Verbatim
      </span>
    </div>
  </main>
)

export const Unreachable = (props: { retry: () => void }) => (
  <main class={styles.page}>
    <div class={styles.quiet}>
      <Mark size={44} />
      <p class={styles.sentence} role="status">
        The server does not answer.
      </p>
      <button type="button" class={controls.primary} onClick={() => props.retry()}>
        Try again
      </button>
    </div>
  </main>
)
