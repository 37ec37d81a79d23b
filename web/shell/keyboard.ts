import { onCleanup } from 'solid-js'
import { useWindow } from './context.ts'
import { beginsWords, neighbour, wayOut } from './keys.ts'

/** Keys that work everywhere in the window. */
export const createKeyboard = (): void => {
  const { messenger, router } = useWindow()

  const step = (by: 1 | -1, unread: boolean): void => {
    const next = neighbour(messenger.listed(), router.route().conversation, { by, unread })
    if (next) router.openConversation(next)
  }
  const leave = (event: KeyboardEvent): void => {
    // A field that is being searched in is emptied first, which the browser does.
    if (event.defaultPrevented || (isSearch(event.target) && event.target.value !== '')) return
    const jump = document.querySelector<HTMLElement>('[data-jump]')
    const onMessage = isOn(event.target, '[data-message]')
    switch (wayOut(router.route(), { above: jump !== null, onMessage })) {
      case 'panel':
        router.closePanel()
        break
      case 'message':
        composer()?.focus()
        break
      case 'details':
        router.toggleDetails()
        break
      case 'past':
        jump?.click()
    }
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
      event.preventDefault()
      router.openPanel('chats')
      // The panel may only now be drawn.
      queueMicrotask(() => document.querySelector<HTMLInputElement>('[data-search]')?.focus())
    } else if (event.altKey && !event.ctrlKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
      event.preventDefault()
      step(event.key === 'ArrowUp' ? -1 : 1, event.shiftKey)
    } else if (event.key === 'F6') {
      event.preventDefault()
      nextLandmark(event.shiftKey ? -1 : 1)
    } else if (event.key === 'Escape') leave(event)
    else if (event.key === 'PageUp' || event.key === 'PageDown') page(event)
    // The letter itself goes where the focus goes.
    else if (beginsWords(event) && !event.defaultPrevented && !isOn(event.target, takesKeys)) composer()?.focus()
  }
  document.addEventListener('keydown', onKeyDown)
  onCleanup(() => document.removeEventListener('keydown', onKeyDown))
}

/** From the line in which one writes, as long as it has no pages of its own, the messages are turned. */
const page = (event: KeyboardEvent): void => {
  const line = composer()
  if (line === undefined || event.target !== line || line.scrollHeight > line.clientHeight + 1) return
  const scroller = document.querySelector<HTMLElement>('[data-scroller]')
  event.preventDefault()
  scroller?.scrollBy({ top: (event.key === 'PageUp' ? -0.85 : 0.85) * scroller.clientHeight })
}

/** Fields to type in, choices that letters move through, and messages, on which letters act. */
const takesKeys = 'input, textarea, select, [popover], [data-message]'

const isOn = (target: EventTarget | null, selector: string): boolean =>
  target instanceof Element && target.closest(selector) !== null

const isSearch = (target: EventTarget | null): target is HTMLInputElement =>
  target instanceof HTMLInputElement && target.type === 'search'

const composer = (): HTMLElement | undefined => {
  const found = document.querySelector<HTMLElement>('textarea[data-composer]')
  return found && found.offsetParent !== null ? found : undefined
}

const nextLandmark = (by: number): void => {
  const all = [...document.querySelectorAll<HTMLElement>('[data-landmark]')].filter((one) => one.offsetParent !== null)
  const now = all.findIndex((one) => one.contains(document.activeElement))
  const next = all[(now + by + all.length) % all.length]
  const inside = next?.querySelector<HTMLElement>('[data-landmark-focus]')
  ;(inside ?? next)?.focus()
}
