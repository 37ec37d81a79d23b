import styles from './mark.module.css'

/** An opening quotation mark set in ink. */
export const Mark = (props: { size?: number }) => (
  <svg class={styles.mark} width={props.size ?? 30} height={props.size ?? 30} viewBox="0 0 32 32" aria-hidden="true">
    <rect width="32" height="32" rx="8" />
    <path d="M15.4 11.1c-3 .9-5.4 3.5-5.4 6.7 0 2.3 1.4 3.9 3.2 3.9 1.5 0 2.6-1 2.6-2.5 0-1.4-1-2.3-2.3-2.3-.3 0-.6.1-.8.1.3-2 1.6-3.7 3.3-4.6z" />
    <path d="M23.1 11.1c-3 .9-5.4 3.5-5.4 6.7 0 2.3 1.4 3.9 3.2 3.9 1.5 0 2.6-1 2.6-2.5 0-1.4-1-2.3-2.3-2.3-.3 0-.6.1-.8.1.3-2 1.6-3.7 3.3-4.6z" />
  </svg>
)
