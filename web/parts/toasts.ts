import { createSignal } from 'solid-js'

export type Toast = {
  readonly id: number
  readonly text: string
  readonly action?: { readonly label: string; readonly run: () => void }
}

const SHOWN_FOR = 5_000

/** Short notes at the foot of the page, some with a way back. */
export const createToasts = () => {
  const [toasts, setToasts] = createSignal<readonly Toast[]>([])
  let last = 0
  const dismiss = (id: number): void => {
    setToasts((all) => all.filter((toast) => toast.id !== id))
  }
  return {
    all: toasts,
    dismiss,
    show: (toast: Omit<Toast, 'id'>): void => {
      const id = ++last
      // Said again, it stands there once, and for as long as if it were new.
      setToasts((all) => [...all.filter(({ text }) => text !== toast.text).slice(-2), { ...toast, id }])
      setTimeout(() => dismiss(id), SHOWN_FOR)
    },
  }
}
