import { createSignal, onMount, untrack } from 'solid-js'
import { Refused } from './api.ts'
import { type Fault, type Field, faultIn, faultOf } from './fault.ts'
import type { Notice } from './returned.ts'
import type { Session } from './session.ts'

/** The form before its looks: what is typed, what is wrong with it, and where the focus goes. */
export const createSignIn = (given: { readonly session: Session; readonly notice: Notice }) => {
  const { session, notice } = untrack(() => ({ session: given.session, notice: given.notice }))
  const [making, setMaking] = createSignal(false)
  const [handle, setHandle] = createSignal('')
  const [name, setName] = createSignal('')
  const [password, setPassword] = createSignal('')
  const [fault, setFault] = createSignal<Fault>({ words: notice.take() || sayEnded(session) })
  const [busy, setBusy] = createSignal(false)
  let form: HTMLFormElement | undefined

  const goTo = (field: Field): void => {
    const input = form?.elements.namedItem(field)
    if (!(input instanceof HTMLInputElement)) return
    input.focus()
    input.select()
  }
  /** The first field that is to be filled in; on a phone the keyboard would cover the rest of the page. */
  const begin = (): void => {
    if (matchMedia('(pointer: fine)').matches) goTo(making() ? 'name' : 'handle')
  }
  onMount(begin)
  const tell = (wrong: Fault): void => {
    setFault(wrong)
    if (wrong.field) goTo(wrong.field)
  }
  /** Ties what is wrong to its field, for who does not see the one under the other. */
  const marks = (field: Field) => ({
    'aria-invalid': fault().field === field,
    'aria-describedby': fault().field === field ? 'sign-in-fault' : undefined,
  })

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    if (busy()) return
    const wrong = making() ? faultIn({ name: name(), handle: handle(), password: password() }) : undefined
    tell(wrong ?? { words: '' })
    if (wrong) return
    setBusy(true)
    try {
      const who = { handle: handle().trim().toLowerCase(), password: password() }
      await (making() ? session.register({ ...who, name: name().trim() }) : session.login(who))
    } catch (cause) {
      tell(faultOf(cause instanceof Refused ? cause.reason : 'unreachable'))
    } finally {
      setBusy(false)
    }
  }
  const turn = () => {
    setMaking(!making())
    setFault({ words: '' })
    begin()
  }

  return {
    making,
    handle,
    setHandle,
    name,
    setName,
    password,
    setPassword,
    fault,
    busy,
    marks,
    submit,
    turn,
    attach: (element: HTMLFormElement): void => {
      form = element
    },
  }
}

const sayEnded = (session: Session): string => {
  const state = session.state()
  return state.kind === 'signed-out' && state.ended ? 'You were signed out. Sign in to go on where you were.' : ''
}
