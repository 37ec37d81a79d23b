import { onCleanup } from 'solid-js'

/** The page is as high as what the keyboard of a phone leaves of it. */
export const createViewport = (): void => {
  const viewport = window.visualViewport
  if (!viewport) return
  const resize = (): void => {
    // While one pinches to read, the page must not shrink under the fingers.
    if (viewport.scale > 1.01) return
    document.documentElement.style.setProperty('--viewport', `${Math.round(viewport.height)}px`)
    window.scrollTo(0, 0)
  }
  resize()
  viewport.addEventListener('resize', resize)
  onCleanup(() => viewport.removeEventListener('resize', resize))
}
