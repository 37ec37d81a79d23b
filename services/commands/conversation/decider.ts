import { type Command, type ConversationEvent, type Decider, refuse } from '@verbatim/protocol'
import type { ConversationFacts } from './facts.ts'
import { addMember, changeRole, leave, openDirect, removeMember, rename, startGroup } from './members.ts'
import { deleteMessage, edit, pin, react, restore, send, unpin, unreact } from './messages.ts'
import { type Conversation, evolve } from './state.ts'

export type ConversationCommand = Command<
  | 'OpenDirect'
  | 'StartGroup'
  | 'Rename'
  | 'AddMember'
  | 'RemoveMember'
  | 'Leave'
  | 'ChangeRole'
  | 'SendMessage'
  | 'EditMessage'
  | 'DeleteMessage'
  | 'RestoreMessage'
  | 'React'
  | 'Unreact'
  | 'Pin'
  | 'Unpin'
>

export const conversation: Decider<Conversation, ConversationCommand, ConversationEvent, ConversationFacts> = {
  initial: { status: 'unstarted' },
  decide(command, state, facts) {
    if (command.type === 'OpenDirect') return openDirect(command, state, facts)
    if (command.type === 'StartGroup') return startGroup(command, state, facts)
    const member = state.status === 'open' ? state.members.get(command.by) : undefined
    // Told alike for "not there" and "not yours", whatever is asked.
    if (state.status !== 'open' || !member) return refuse('not-found')
    const room = { state, member, facts }
    switch (command.type) {
      case 'SendMessage':
        return send(command, room)
      case 'EditMessage':
        return edit(command, room)
      case 'DeleteMessage':
        return deleteMessage(command, room)
      case 'RestoreMessage':
        return restore(command, room)
      case 'React':
        return react(command, room)
      case 'Unreact':
        return unreact(command, room)
      case 'Pin':
        return pin(command, room)
      case 'Unpin':
        return unpin(command, room)
      case 'Rename':
        return rename(command, room)
      case 'AddMember':
        return addMember(command, room)
      case 'RemoveMember':
        return removeMember(command, room)
      case 'Leave':
        return leave(command, room)
      case 'ChangeRole':
        return changeRole(command, room)
    }
  },
  evolve,
}
