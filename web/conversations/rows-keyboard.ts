/** Arrows, Home and End move through the rows inside of a container; given as its `ref`. */
export const arrowsThroughRows = (container: HTMLElement): void =>
  container.addEventListener('keydown', (event) => move(container, event))

/** From a search above them: down into the rows, or Enter to choose the first. `false`: the key was for something else. */
export const intoRows = (event: KeyboardEvent): boolean => {
  const first = document.querySelector<HTMLElement>('[data-rows] [data-row]')
  if (event.key === 'ArrowDown') {
    event.preventDefault()
    first?.focus()
  } else if (event.key === 'Enter' && !event.isComposing) first?.click()
  else return false
  return first !== null
}

const move = (container: HTMLElement, event: KeyboardEvent): void => {
  const rows = [...container.querySelectorAll<HTMLElement>('[data-row]')]
  const now = document.activeElement instanceof HTMLElement ? rows.indexOf(document.activeElement) : -1
  const next = target(event, now, rows.length)
  if (next === undefined || event.altKey || event.ctrlKey || event.metaKey) return
  event.preventDefault()
  rows[next]?.focus()
}

const target = ({ key }: KeyboardEvent, now: number, length: number): number | undefined => {
  switch (key) {
    case 'ArrowDown':
      return Math.min(now + 1, length - 1)
    case 'ArrowUp':
      return Math.max(now - 1, 0)
    case 'Home':
      return 0
    case 'End':
      return length - 1
    default:
      return undefined
  }
}
