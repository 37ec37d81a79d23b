import type { ConversationId, ConversationSummary, PublicEvent, UserId } from '@verbatim/protocol'
import type { Queue } from '../outbox/queue.ts'
import { touched, viewOf } from '../timeline/apply-event.ts'
import type { Happened } from '../timeline/timeline.ts'

/** The list of conversations, latest activity first. */
export type Summaries = readonly ConversationSummary[]

/**
 * What an event does to the list. Idempotent by revision. A conversation that is not in the list is not invented:
 * `knows` tells the caller to read the list again.
 */
export const applyToSummaries = (
  summaries: Summaries,
  conversation: ConversationId,
  event: PublicEvent,
  me: UserId,
): Summaries => {
  const index = summaries.findIndex(({ id }) => id === conversation)
  const summary = summaries[index]
  if (summary === undefined || event.revision <= summary.revision) return summaries
  const happened = event as Happened
  if (leaves(happened, me)) return summaries.toSpliced(index, 1)
  const next = { ...change(summary, happened, me), revision: event.revision }
  return stirs.has(event.type) ? [next, ...summaries.toSpliced(index, 1)] : summaries.with(index, next)
}

export const knows = (summaries: Summaries, conversation: ConversationId): boolean =>
  summaries.some(({ id }) => id === conversation)

/** The person is no longer a member: what follows is not told, what was told is no longer his to see. */
export const leaves = (event: Happened, me: UserId): boolean =>
  (event.type === 'MemberRemoved' && event.data.user === me) || (event.type === 'MemberLeft' && event.data.user === me)

export const isJoining = (event: Happened, me: UserId): boolean =>
  event.type === 'MemberAdded' && event.data.user === me

/** What counts as activity: what is said and what is told between, not how somebody feels about it. */
const stirs = new Set<string>([
  'MessageSent',
  'GroupRenamed',
  'MemberAdded',
  'MemberRemoved',
  'MemberLeft',
  'RoleChanged',
  'MessagePinned',
  'MessageUnpinned',
])

const change = (summary: ConversationSummary, event: Happened, me: UserId): ConversationSummary => {
  switch (event.type) {
    case 'MessageSent':
      // Who writes has read what stands before.
      return event.actor === me
        ? { ...summary, last: viewOf(event), unread: 0, readUpTo: event.revision }
        : { ...summary, last: viewOf(event), unread: summary.unread + 1 }
    case 'GroupRenamed':
      return { ...summary, name: event.data.name }
    case 'MessageEdited':
    case 'MessageDeleted':
    case 'MessageRestored':
    case 'ReactionAdded':
    case 'ReactionRemoved':
      return summary.last?.id === event.data.message ? { ...summary, last: touched(summary.last, event) } : summary
    default:
      return summary
  }
}

/**
 * The person has read up to a revision, here or on another device. What stays unread is known when nothing does;
 * else it is counted from the messages at hand, newest first.
 */
export const readUpTo = (
  summaries: Summaries,
  conversation: ConversationId,
  revision: number,
  unreadAfter: (revision: number) => number,
): Summaries =>
  summaries.map((summary) =>
    summary.id !== conversation || revision <= summary.readUpTo
      ? summary
      : {
          ...summary,
          readUpTo: revision,
          unread: (summary.last?.revision ?? -1) <= revision ? 0 : Math.min(summary.unread, unreadAfter(revision)),
        },
  )

/** What one writes to stands on top at once, before the server has answered. */
export const withPending = (summaries: Summaries, queue: Queue): Summaries =>
  queue
    .filter(({ command, state }) => command.type === 'SendMessage' && state !== 'failed')
    .reduce((rows, { command }) => {
      const row = rows.find(({ id }) => id === command.conversation)
      return row === undefined ? rows : [row, ...rows.filter((other) => other !== row)]
    }, summaries)

export const unreadInAll = (summaries: Summaries): number => summaries.reduce((sum, { unread }) => sum + unread, 0)

/** A page of the list over what is known: nothing goes back behind a revision that the socket already told. */
export const refreshed = (known: Summaries, page: Summaries): Summaries =>
  page.map((row) => {
    const held = known.find(({ id }) => id === row.id)
    if (held === undefined) return row
    if (held.revision > row.revision) return held
    return held.readUpTo > row.readUpTo ? { ...row, readUpTo: held.readUpTo, unread: held.unread } : row
  })
