import {
  type AccountEvent,
  type Asked,
  accept,
  type Command,
  type Decider,
  nothingToDo,
  type Outcome,
  type Register,
  refuse,
} from '@verbatim/protocol'

/** Holds no words: `profile` is the digest of the last change, enough to see that it is asked for again. */
export type Account = { readonly registered: boolean; readonly profile?: string }
export type AccountCommand = Register | Command<'ChangeProfile'>

export const account: Decider<Account, AccountCommand, AccountEvent> = {
  initial: { registered: false },
  decide(command, state) {
    switch (command.type) {
      case 'Register':
        return register(command, state)
      case 'ChangeProfile':
        return changeProfile(command, state)
    }
  },
  evolve(state, event) {
    switch (event.type) {
      case 'AccountRegistered':
        return { registered: true }
      case 'ProfileChanged':
        return { ...state, profile: event.digest }
    }
  },
}

const register = ({ by, handle, name }: Asked<Register>, state: Account): Outcome<AccountEvent> =>
  state.registered ? nothingToDo : accept({ type: 'AccountRegistered', data: { user: by, handle, name } })

const changeProfile = (command: Asked<Command<'ChangeProfile'>>, state: Account): Outcome<AccountEvent> => {
  if (!state.registered) return refuse('not-found')
  const { by, name, about, digest } = command
  if ((name === undefined && about === undefined) || digest === state.profile) return nothingToDo
  return accept({
    type: 'ProfileChanged',
    data: { user: by, ...(name !== undefined && { name }), ...(about !== undefined && { about }) },
  })
}
