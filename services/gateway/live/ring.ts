import type { ConversationId, UserId } from '@verbatim/protocol'
import type { Position } from '@verbatim/services/event-log'
import type { LiveMessage } from '@verbatim/services/live'

export type Frame = Extract<LiveMessage, { kind: 'conversation' }>
export type Kept = Extract<LiveMessage, { kind: 'conversation' | 'joined' | 'left' }>

/**
 * The newest of what was published, bounded in number and bytes. It covers what happened between the answer of a
 * model, which is always a little behind, and the turn in which a socket begins to get everything live.
 */
export interface Ring {
  add(message: Kept): void
  /** Whether everything published after `position` is still here. */
  reachesBackTo(position: Position): boolean
  /** Everything after `position`, in the order published. */
  after(position: Position): readonly Kept[]
  /**
   * The frames of one conversation among them, for one of its members. `undefined` when he joined or left in between:
   * what was said while he was away is not his.
   */
  framesFor(user: UserId, conversation: ConversationId, position: Position): readonly Frame[] | undefined
  /** Greatest position that is no longer here. */
  readonly forgotten: Position
  /** Greatest position that was published. */
  readonly latest: Position
}

type Bounds = { readonly messages: number; readonly bytes: number }
const bounded: Bounds = { messages: 4_096, bytes: 4 * 1024 * 1024 }

/** @param since position after which everything is published to it */
export const ring = (since: Position, { messages, bytes }: Bounds = bounded): Ring => {
  // Positions within one commit need not grow, those of its conversations are told one after another. `upTo` is the
  // greatest until then: it does grow, and what lies before an entry has no position beyond its `upTo`.
  let kept: { message: Kept; upTo: Position }[] = []
  let start = 0
  let held = 0
  let forgotten = since
  let latest = since

  const forgetOldest = () => {
    const oldest = kept[start++]
    if (!oldest) return
    held -= sizeOf(oldest.message)
    forgotten = Math.max(forgotten, oldest.upTo)
    // Moved up only when half is gone, so that each is moved once on average.
    if (start > messages) {
      kept = kept.slice(start)
      start = 0
    }
  }
  const firstAfter = (position: Position) => {
    let at = kept.length
    while (at > start && (kept[at - 1]?.upTo ?? 0) > position) at--
    return at
  }
  return {
    add(message) {
      latest = Math.max(latest, message.position)
      kept.push({ message, upTo: latest })
      held += sizeOf(message)
      while (kept.length - start > messages || (held > bytes && kept.length > start)) forgetOldest()
    },
    reachesBackTo: (position) => forgotten <= position,
    after(position) {
      const found: Kept[] = []
      for (let at = firstAfter(position); at < kept.length; at++) {
        const message = kept[at]?.message
        if (message && message.position > position) found.push(message)
      }
      return found
    },
    framesFor(user, conversation, position) {
      const found: Frame[] = []
      for (let at = firstAfter(position); at < kept.length; at++) {
        const message = kept[at]?.message
        if (message?.conversation !== conversation || message.position <= position) continue
        if (message.kind === 'conversation') found.push(forUser(message, user))
        else if (message.user === user) return undefined
      }
      return found
    },
    get forgotten() {
      return forgotten
    },
    get latest() {
      return latest
    },
  }
}

const forUser = (message: Frame, user: UserId): Frame => {
  const { instead } = message
  return instead?.users.includes(user) ? { ...message, frame: instead.frame } : message
}

const sizeOf = (message: Kept): number => (message.kind === 'conversation' ? message.frame.length : 0)
