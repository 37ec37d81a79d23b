import type { Page } from 'playwright-core'

export type Watched = {
  /** Painted frames that were looked at. */
  frames: number
  /** Frames in which what one reads moved against the wheel, which only ever turns upward here. */
  backward: number
  /** Frames in which it moved at all. */
  moved: number
  /** Frames in which the row that was looked at was no longer there. */
  lost: number
  /** The whole way of what one read, in pixels. */
  way: number
}

/** After every painted frame, where did the message in the middle of the screen go since the one before? */
export const startWatching = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const watched: Watched = { frames: 0, backward: 0, moved: 0, lost: 0, way: 0 }
    const scroller = document.querySelector('[data-scroller]')
    if (!scroller) throw new Error('there is no scroller')
    const inTheMiddle = (): Element | undefined => {
      const { top, height } = scroller.getBoundingClientRect()
      return [...scroller.querySelectorAll('[data-message]')].find(
        (row) => row.getBoundingClientRect().bottom > top + height / 2,
      )
    }
    let row = inTheMiddle()
    let at = row?.getBoundingClientRect().top ?? 0
    const look = (): void => {
      watched.frames++
      if (!row?.isConnected) watched.lost++
      const by = (row?.getBoundingClientRect().top ?? 0) - at
      if (by < -1) watched.backward++
      if (Math.abs(by) > 1) watched.moved++
      watched.way += by
      row = inTheMiddle()
      at = row?.getBoundingClientRect().top ?? 0
      Object.assign(window, { frame: requestAnimationFrame(look) })
    }
    Object.assign(window, { watched, frame: requestAnimationFrame(look) })
  })

export const stopWatching = (page: Page): Promise<Watched> =>
  page.evaluate(() => {
    const { watched, frame } = window as Window & typeof globalThis & { watched: Watched; frame: number }
    cancelAnimationFrame(frame)
    return watched
  })

/** Pixels between what is on the screen and the end of the conversation. */
export const fromEnd = (page: Page): Promise<number> =>
  page.locator('[data-scroller]').evaluate((one) => one.scrollHeight - one.clientHeight - one.scrollTop)
