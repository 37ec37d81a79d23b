import type { Person } from '@verbatim/protocol'
import { onMount, untrack } from 'solid-js'
import type { Notice } from '../session/returned.ts'
import type { Session } from '../session/session.ts'
import { WindowContext } from './context.ts'
import { createMessenger } from './messenger.ts'
import { createRouter } from './route.ts'
import { Shell } from './shell.tsx'

/** The window of one person. It is made at sign-in and gone at sign-out, with everything that it held. */
export const SignedIn = (props: { session: Session; user: Person; notice: Notice }) => {
  const messenger = untrack(() => createMessenger(props.session, props.user))
  onMount(() => {
    const text = props.notice.take()
    if (text) messenger.toasts.show({ text })
  })
  return (
    <WindowContext.Provider value={{ messenger, router: createRouter() }}>
      <Shell />
    </WindowContext.Provider>
  )
}
