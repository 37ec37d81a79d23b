/** Arrows, Home and End move through the rows of a list. */
export const arrowsThroughRows = (event: KeyboardEvent & { currentTarget: HTMLElement }): void => {
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-row]')]
  const now = rows.findIndex((row) => row === document.activeElement)
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
