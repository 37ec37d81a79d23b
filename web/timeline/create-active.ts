import { createMemo, createSignal, onCleanup } from 'solid-js'

export interface ActivePorts {
  readonly inside: () => HTMLElement
  readonly has: (key: string) => boolean
  readonly last: () => string | undefined
}

/** Which message is under the pointer or the focus, and at which one Tab stops. */
export const createActive = ({ inside, has, last }: ActivePorts) => {
  const [active, setActive] = createSignal<string>()
  let leaving: ReturnType<typeof setTimeout> | undefined
  onCleanup(() => clearTimeout(leaving))
  return {
    active,
    /** Tab leads through what can be done with one message, not with all. */
    entry: createMemo(() => {
      const chosen = active()
      return chosen !== undefined && has(chosen) ? chosen : last()
    }),
    activate: (event: Event): void => {
      const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-message]') : null
      if (!row) return
      clearTimeout(leaving)
      setActive(row.dataset.message)
    },
    /** After what is under way: while the focus moves it is nowhere, and a menu that closes gives it back. */
    deactivate: (): void => {
      clearTimeout(leaving)
      leaving = setTimeout(() => {
        if (!inside().contains(document.activeElement)) setActive(undefined)
      })
    },
  }
}
