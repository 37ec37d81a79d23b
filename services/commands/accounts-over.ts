import { accountStream } from '@verbatim/protocol'
import type { EventLog } from '@verbatim/services/event-log'
import type { Accounts } from '@verbatim/services/identity'
import type { CommandHandler } from './port.ts'

/**
 * Accounts as commands. The command that registers somebody has his own id: opening again after a lost answer is a
 * repeat, and with another handle or name it is refused.
 */
export const accountsOver = ({ handle }: Pick<CommandHandler, 'handle'>, log: EventLog): Accounts => ({
  async open({ user, handle: name, name: displayed, session }) {
    const command = { id: user, type: 'Register', handle: name, name: displayed } as const
    const answer = await handle({ command, by: user, session })
    if (answer.kind === 'accepted') return 'opened'
    const { reason, detail, retryAfter } = answer
    return {
      kind: 'denied',
      reason,
      ...(detail !== undefined && { detail }),
      ...(retryAfter !== undefined && { retryAfter }),
    }
  },
  async exists(user) {
    return (await log.last(accountStream(user))) !== undefined
  },
})
