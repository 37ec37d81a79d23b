import { createContext, useContext } from 'solid-js'
import type { Messenger } from './messenger.ts'
import type { Router } from './route.ts'

export type Window = { readonly messenger: Messenger; readonly router: Router }

export const WindowContext = createContext<Window>()

/** The signed-in window that a view stands in. */
export const useWindow = (): Window => {
  const found = useContext(WindowContext)
  if (found === undefined) throw new Error('This view stands outside of a signed-in window.')
  return found
}
