import type { Asked, MessageId, UserId } from '@verbatim/protocol'
import type { ConversationCommand } from './decider.ts'
import { founders } from './members.ts'
import type { Conversation, Open } from './state.ts'

/** What the loop has to look up before a command can be decided. */
export type Needs = {
  readonly people?: readonly UserId[]
  readonly messages?: readonly MessageId[]
  readonly forwarded?: MessageId
}

/** Pure, and quick where nothing is needed: nearly every message asks for nothing. */
export const needsOf = (
  command: Asked<ConversationCommand>,
  state: Conversation,
  groupMembers: number,
): Needs | undefined => {
  if (command.type === 'OpenDirect')
    return state.status === 'unstarted' && command.user !== command.by ? { people: [command.user] } : undefined
  if (command.type === 'StartGroup') {
    const members = state.status === 'unstarted' ? founders(command) : []
    // A group that is too large is refused without asking after 100,000 people.
    return members.length > 1 && members.length <= groupMembers
      ? { people: members.filter((user) => user !== command.by) }
      : undefined
  }
  if (state.status === 'unstarted' || !state.members.has(command.by)) return undefined
  return needsOfMember(command, state, groupMembers)
}

type ByMember = Exclude<Asked<ConversationCommand>, { type: 'OpenDirect' | 'StartGroup' }>

const needsOfMember = (command: ByMember, state: Open, groupMembers: number): Needs | undefined => {
  switch (command.type) {
    case 'SendMessage': {
      const { replyTo, forwardedFrom } = command.body
      if (replyTo === undefined && forwardedFrom === undefined) return undefined
      return {
        ...(replyTo !== undefined && isForgotten(state, replyTo) && { messages: [replyTo] }),
        ...(forwardedFrom !== undefined && !state.window.has(forwardedFrom) && { forwarded: forwardedFrom }),
      }
    }
    case 'RestoreMessage': {
      const kept = state.window.get(command.message)
      const wanted = kept ? kept.deleted?.by === command.by : isForgotten(state, command.message)
      return wanted ? { messages: [command.message] } : undefined
    }
    case 'AddMember':
      return state.kind === 'group' && !state.members.has(command.user) && state.members.size < groupMembers
        ? { people: [command.user] }
        : undefined
    case 'Rename':
    case 'RemoveMember':
    case 'Leave':
    case 'ChangeRole':
      return undefined
    default:
      return isForgotten(state, command.message) ? { messages: [command.message] } : undefined
  }
}

/** Neither in the window nor surely nowhere. */
const isForgotten = (state: Open, message: MessageId): boolean =>
  !state.window.has(message) && state.n > state.window.size
