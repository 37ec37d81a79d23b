import type { ConversationId, Role, UserId } from '@verbatim/protocol'
import { Refused } from '../session/api.ts'
import { useWindow } from '../shell/context.ts'
import { say } from '../shell/say.ts'

/** What one does with a group. Each act waits for its answer; a refusal is told and nothing is drawn before. */
export const createGroupActs = (conversation: ConversationId) => {
  const { messenger } = useWindow()
  const told = (cause: unknown): false => {
    messenger.toasts.show({ text: say(cause instanceof Refused ? cause.reason : 'unreachable') })
    return false
  }
  const act = async (draft: Parameters<typeof messenger.act>[0]): Promise<boolean> =>
    messenger.act(draft).then(() => true, told)

  return {
    rename: (name: string) => act({ type: 'Rename', conversation, name }),
    add: (user: UserId) => act({ type: 'AddMember', conversation, user }),
    remove: (user: UserId) => act({ type: 'RemoveMember', conversation, user }),
    setRole: (user: UserId, role: Role) => act({ type: 'ChangeRole', conversation, user, role }),
    leave: () => act({ type: 'Leave', conversation }),
  }
}
