import type { Reason } from '@verbatim/protocol'
import { limits } from '@verbatim/protocol/limits'
import { say } from '../shell/say.ts'

export type Field = 'name' | 'handle' | 'password'
/** What is wrong, in the person's words, and where to put it right. */
export type Fault = { readonly words: string; readonly field?: Field }

type Wanted = { readonly name: string; readonly handle: string; readonly password: string }

/** What the server would refuse anyway, told without asking it. */
export const faultIn = ({ name, handle, password }: Wanted): Fault | undefined => {
  if (name.trim() === '') return { field: 'name', words: 'Others want to know what you are called.' }
  if (!limits.handlePattern.test(handle.trim().toLowerCase()))
    return { field: 'handle', words: 'A handle has 3 to 32 letters a–z, digits or underscores.' }
  if (new TextEncoder().encode(password).length < limits.passwordBytes.min)
    return { field: 'password', words: `A password has at least ${limits.passwordBytes.min} characters.` }
  return undefined
}

/** What the server refused. */
export const faultOf = (reason: Reason | 'unreachable'): Fault => {
  if (reason === 'handle-taken')
    return { field: 'handle', words: 'That handle belongs to somebody else. Choose another.' }
  if (reason === 'wrong-credentials') return { field: 'password', words: say(reason) }
  return { words: say(reason) }
}
