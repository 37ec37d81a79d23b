import { Match, onMount, Switch } from 'solid-js'
import { createNotice } from './session/returned.ts'
import { createSession } from './session/session.ts'
import { SignIn } from './session/sign-in.tsx'
import { Unreachable, Waiting } from './session/waiting.tsx'
import { SignedIn } from './shell/signed-in.tsx'

/** Which of the few whole screens is shown. */
export const App = () => {
  const notice = createNotice()
  const session = createSession()
  onMount(() => void session.start())
  const user = () => {
    const state = session.state()
    return state.kind === 'signed-in' ? state.user : undefined
  }
  return (
    <Switch fallback={<Waiting />}>
      <Match when={session.state().kind === 'unreachable'}>
        <Unreachable retry={() => void session.start()} />
      </Match>
      <Match when={session.state().kind === 'signed-out'}>
        <SignIn session={session} notice={notice} />
      </Match>
      <Match when={user()}>{(person) => <SignedIn session={session} user={person()} notice={notice} />}</Match>
    </Switch>
  )
}
