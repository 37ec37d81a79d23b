import type { MessageId, UserId } from '@verbatim/protocol'
import { ada, adaAndBob, bob, cleo, eve, tea } from '@verbatim/protocol/examples'
import type { Recorded } from '@verbatim/services/event-log'
import fc from 'fast-check'
import type { chronicle } from './timelines.examples.ts'
import { happenings, m } from './timelines.examples.ts'

export const everybody = [ada, bob, cleo, eve] as const

/** Something that somebody tries; it happens where the rules of conversations allow it. */
const attempt = fc.record({
  verb: fc.constantFrom(
    ...(['send', 'send', 'send', 'reply', 'edit', 'delete', 'restore', 'react', 'react', 'unreact'] as const),
    ...(['pin', 'unpin', 'rename', 'add', 'remove', 'leave', 'read', 'read'] as const),
  ),
  by: fc.constantFrom(...everybody),
  whom: fc.constantFrom(...everybody),
  /** Which message, counted back from the last. */
  back: fc.integer({ min: 0, max: 6 }),
  emoji: fc.constantFrom('👍', '🎉', '❤️'),
  direct: fc.constantFrom(true, false, false),
})
export type Attempt = typeof attempt extends fc.Arbitrary<infer T> ? T : never
export const attempts = (most: number) => fc.array(attempt, { minLength: most >> 1, maxLength: most, size: 'max' })

/** Turns attempts into the events of a group and of a direct conversation, one by one. */
export const unfold = (
  record: ReturnType<typeof chronicle>['record'],
  history: 'whole' | 'since-joining',
): ((attempt: Attempt) => Recorded | undefined) => {
  const group = happenings(record, tea)
  const direct = happenings(record, adaAndBob)
  group.started([ada, bob], history)
  direct.opened()
  const rooms = { group: room(group, true), direct: room(direct, false) }
  return (tried) => (tried.direct ? rooms.direct : rooms.group)(tried)
}

const room = (verbs: ReturnType<typeof happenings>, isGroup: boolean) => {
  const members = new Set<UserId>([ada, bob])
  const messages: { id: MessageId; revision: number; text: string; deleted: boolean }[] = []
  const pins = new Set<MessageId>()
  const reactions = new Set<string>()
  const marks = new Map<UserId, number>()

  return ({ verb, by, whom, back, emoji }: Attempt): Recorded | undefined => {
    if (!members.has(by)) return undefined
    const found = messages.at(-1 - back)
    const said = (text: string, replyTo?: MessageId): Recorded => {
      const event = verbs.sent(text, by, replyTo)
      messages.push({ id: m(messages.length + 1), revision: event.revision, text, deleted: false })
      return event
    }
    switch (verb) {
      case 'send':
        return said(`text ${messages.length}`)
      case 'rename':
        return isGroup ? verbs.renamed(`name ${messages.length}`) : undefined
      case 'add':
        if (!isGroup || members.has(whom)) return undefined
        members.add(whom)
        return verbs.added(whom)
      case 'remove':
        return isGroup && whom !== ada && members.delete(whom) ? verbs.removed(whom) : undefined
      case 'leave':
        return isGroup && by !== ada && members.delete(by) ? verbs.left(by) : undefined
    }
    if (!found) return undefined
    const { id } = found
    const reaction = `${id} ${emoji} ${by}`
    switch (verb) {
      case 'reply':
        return said(`reply ${messages.length}`, id)
      case 'edit':
        if (found.deleted) return undefined
        found.text = `${found.text}!`
        return verbs.edited(id, found.text, by)
      case 'delete':
        if (found.deleted) return undefined
        found.deleted = true
        return verbs.deleted(id, by)
      case 'restore':
        if (!found.deleted) return undefined
        found.deleted = false
        return verbs.restored(id, found.text, by)
      case 'react':
        if (found.deleted || reactions.has(reaction)) return undefined
        reactions.add(reaction)
        return verbs.reacted(id, emoji, by)
      case 'unreact':
        return reactions.delete(reaction) ? verbs.unreacted(id, emoji, by) : undefined
      case 'pin':
        if (pins.has(id)) return undefined
        pins.add(id)
        return verbs.pinned(id)
      case 'unpin':
        return pins.delete(id) ? verbs.unpinned(id) : undefined
      case 'read':
        // A read mark never goes back.
        if (found.revision <= (marks.get(by) ?? -1)) return undefined
        marks.set(by, found.revision)
        return verbs.read(by, found.revision, messages.indexOf(found) + 1)
    }
  }
}
