import { For, Show } from 'solid-js'
import { useWindow } from '../shell/context.ts'
import styles from './toast-list.module.css'

export const Toasts = () => {
  const { toasts } = useWindow().messenger
  return (
    <div class={styles.toasts} role="status" aria-live="polite">
      <For each={toasts.all()}>
        {(toast) => (
          <div class={styles.toast}>
            <span>{toast.text}</span>
            <Show when={toast.action}>
              {(action) => (
                <button
                  type="button"
                  class={styles.action}
                  onClick={() => {
                    action().run()
                    toasts.dismiss(toast.id)
                  }}
                >
                  {action().label}
                </button>
              )}
            </Show>
          </div>
        )}
      </For>
    </div>
  )
}
