import type { Person } from '@verbatim/protocol'
import { untrack } from 'solid-js'
import type { Session } from '../session/session.ts'
import { WindowContext } from './context.ts'
import { createMessenger } from './messenger.ts'
import { createRouter } from './route.ts'
import { Shell } from './shell.tsx'

/** The window of one person. It is made at sign-in and gone at sign-out, with everything that it held. */
export const SignedIn = (props: { session: Session; user: Person }) => {
  const messenger = untrack(() => createMessenger(props.session, props.user))
  return (
    <WindowContext.Provider value={{ messenger, router: createRouter() }}>
      <Shell />
    </WindowContext.Provider>
  )
}
