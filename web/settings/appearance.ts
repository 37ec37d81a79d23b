export type Appearance = 'system' | 'light' | 'dark'

const KEY = 'verbatim-appearance'

export const appearance = (): Appearance => {
  const kept = localStorage.getItem(KEY)
  return kept === 'light' || kept === 'dark' ? kept : 'system'
}

export const setAppearance = (chosen: Appearance): void => {
  if (chosen === 'system') localStorage.removeItem(KEY)
  else localStorage.setItem(KEY, chosen)
  show(chosen)
}

/** Shows what was chosen in this browser, also when another tab chooses. */
export const startAppearance = (): void => {
  show(appearance())
  window.addEventListener('storage', ({ key }) => (key === KEY ? show(appearance()) : undefined))
}

const show = (chosen: Appearance): void => {
  if (chosen === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = chosen
}
