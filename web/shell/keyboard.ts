import { onCleanup } from 'solid-js'
import { useWindow } from './context.ts'

/** Keys that work everywhere in the window. */
export const createKeyboard = (): void => {
  const { messenger, router } = useWindow()

  const step = (by: number): void => {
    const list = messenger.listed()
    const now = list.findIndex(({ id }) => id === router.route().conversation)
    const next = list[now === -1 ? 0 : now + by]
    if (next) router.openConversation(next.id)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
      event.preventDefault()
      router.openPanel('chats')
      // The panel may only now be drawn.
      queueMicrotask(() => document.querySelector<HTMLInputElement>('[data-search]')?.focus())
    } else if (event.altKey && !event.ctrlKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
      event.preventDefault()
      step(event.key === 'ArrowUp' ? -1 : 1)
    } else if (event.key === 'F6') {
      event.preventDefault()
      nextLandmark(event.shiftKey ? -1 : 1)
    }
  }
  document.addEventListener('keydown', onKeyDown)
  onCleanup(() => document.removeEventListener('keydown', onKeyDown))
}

const nextLandmark = (by: number): void => {
  const all = [...document.querySelectorAll<HTMLElement>('[data-landmark]')].filter((one) => one.offsetParent !== null)
  const now = all.findIndex((one) => one.contains(document.activeElement))
  const next = all[(now + by + all.length) % all.length]
  const inside = next?.querySelector<HTMLElement>('[data-landmark-focus]')
  ;(inside ?? next)?.focus()
}
