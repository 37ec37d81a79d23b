import { createComputed, on, onCleanup } from 'solid-js'

const AT_END = 48

/**
 * Keeps what one reads where it is while the list changes above and below it, and at the end keeps the end; see
 * decision 070. Not left to the browser: its scroll anchoring is off at the very top and missing in some, and a
 * reversed column leaps when a page comes in while the wheel turns.
 * @param changes is read before the list changes
 * @param following whether new messages at the end are followed
 * @param opened something grows because the reader wants to read it: he stays there, also at the end
 */
export const createScrolling = (changes: () => unknown, following: () => boolean, opened: () => unknown) => {
  let scroller: HTMLElement | undefined
  let atEnd = true
  let watching: ResizeObserver | undefined

  const fromEnd = (): number => (scroller ? scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop : 0)
  const toEnd = (): void => {
    atEnd = true
    if (scroller) scroller.scrollTop = scroller.scrollHeight
  }

  createComputed(
    on(
      opened,
      () => {
        atEnd = false
      },
      { defer: true },
    ),
  )
  let keeping = false
  createComputed(
    on(changes, () => {
      if (!scroller || keeping) return
      // At once: whoever looks before the end is kept would take it for a place above the end.
      if (atEnd) return queueMicrotask(() => (atEnd && following() ? toEnd() : undefined))
      // Several rows: the first of them may be the one that goes.
      const rows = visibleRows(scroller).map((row) => ({ row, top: row.getBoundingClientRect().top }))
      keeping = true
      queueMicrotask(() => {
        keeping = false
        const kept = rows.find(({ row }) => row.isConnected)
        if (scroller && kept) scroller.scrollTop += kept.row.getBoundingClientRect().top - kept.top
      })
    }),
  )
  onCleanup(() => watching?.disconnect())

  return {
    fromEnd,
    toEnd,
    atEnd: (): boolean => atEnd,
    /** After every scroll: whether one stands at the end now. */
    scrolled: (): void => {
      atEnd = fromEnd() < AT_END && following()
    },
    attach: (element: HTMLElement): void => {
      scroller = element
      // A line that grows, a keyboard that opens: between layout and paint, so that nobody sees the end go.
      watching = new ResizeObserver(() => (atEnd && following() ? toEnd() : undefined))
      watching.observe(element)
      for (const child of element.children) watching.observe(child)
    },
  }
}

const visibleRows = (scroller: HTMLElement): Element[] => {
  const { top, bottom } = scroller.getBoundingClientRect()
  return [...scroller.querySelectorAll('[data-message]')].filter((row) => {
    const at = row.getBoundingClientRect()
    return at.bottom > top && at.top < bottom
  })
}
