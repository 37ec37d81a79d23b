import { type ConversationId, conversationStream, type UserId } from '@verbatim/protocol'
import type { Recorded } from '@verbatim/services/event-log'
import type { Disk } from './disk.ts'

export type Told = { readonly event: Recorded; readonly happened: number; readonly members: ReadonlySet<UserId> }
export type Members = ReturnType<typeof membersIn>

/** Who is in which conversation, by the log. */
export const membersIn = (disk: Disk) => {
  const rooms = new Map<string, Told[]>()
  let read = 0
  const catchUp = (): void => {
    for (; read < disk.events.length; read++) {
      const next = disk.events[read]
      if (!next) continue
      const told = rooms.get(next.event.stream) ?? []
      rooms.set(next.event.stream, told)
      told.push({ ...next, members: after(told.at(-1)?.members ?? new Set(), next.event) })
    }
  }
  /** Each event of it, with who was a member behind it. */
  const of = (conversation: ConversationId): readonly Told[] => {
    catchUp()
    return rooms.get(conversationStream(conversation)) ?? []
  }
  return {
    of,
    isIn: (user: UserId, conversation: ConversationId): boolean => of(conversation).at(-1)?.members.has(user) === true,
    head: (conversation: ConversationId): number => of(conversation).length - 1,
  }
}

const after = (before: ReadonlySet<UserId>, { type, json }: Recorded): ReadonlySet<UserId> => {
  if (type !== 'GroupStarted' && type !== 'MemberAdded' && type !== 'MemberRemoved' && type !== 'MemberLeft')
    return before
  const { members = [], user } = JSON.parse(json) as { members?: UserId[]; user?: UserId }
  if (type === 'GroupStarted') return new Set(members)
  const now = new Set(before)
  if (user && type === 'MemberAdded') now.add(user)
  else if (user) now.delete(user)
  return now
}
