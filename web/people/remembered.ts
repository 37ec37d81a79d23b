import type { MessageId, UserId } from '@verbatim/protocol'
import { limits } from '@verbatim/protocol/limits'

/** Small things that this browser remembers of a person's own acts, because the server's answers do not tell them. */
export const remembered = {
  /** Messages that one deleted lately and may restore, with the time of it in milliseconds. */
  deleted: (me: UserId): Record<MessageId, number> => {
    const all = read<Record<MessageId, number>>(`verbatim.deleted.${me}`) ?? {}
    const since = Date.now() - limits.restoreWithin
    return Object.fromEntries(Object.entries(all).filter(([, at]) => at > since))
  },
  addDeleted: (me: UserId, message: MessageId): void =>
    write(`verbatim.deleted.${me}`, { ...remembered.deleted(me), [message]: Date.now() }),

  forget: (me: UserId): void => {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith('verbatim.') && key.includes(`.${me}`)) localStorage.removeItem(key)
    }
  },
}

const read = <T>(key: string): T | undefined => {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null') ?? undefined
  } catch {
    return undefined
  }
}

const write = (key: string, value: unknown): void => {
  try {
    localStorage.setItem(key, JSON.stringify(value))
  } catch {
    // A full or forbidden store costs a convenience, never a message.
  }
}
