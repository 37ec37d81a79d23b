import type {
  ConversationEventType,
  MessageId,
  MessagesPage,
  MessageView,
  Notice,
  PublicEvent,
} from '@verbatim/protocol'
import { applyEvent } from './apply-event.ts'

/** A window on one conversation: messages and what happened between them, oldest first, without holes. */
export type Timeline = {
  readonly messages: readonly MessageView[]
  readonly notices: readonly Notice[]
  readonly moreBefore: boolean
  /** The window ends before the newest message: one jumped back and reads there. */
  readonly moreAfter: boolean
  /** Revision of the last event applied. */
  readonly revision: number
}

/** An event of a conversation, told apart by its type. */
export type Happened = PublicEvent<ConversationEventType>

/** The notices that the client draws; a page may carry others. */
export const drawnNotices = new Set<string>([
  'GroupStarted',
  'GroupRenamed',
  'MemberAdded',
  'MemberRemoved',
  'MemberLeft',
  'RoleChanged',
])

export const emptyTimeline = (revision: number): Timeline => ({
  messages: [],
  notices: [],
  moreBefore: false,
  moreAfter: false,
  revision,
})

/**
 * A page becomes a window. The read model may be behind the socket or ahead of it, so what the socket told lately is
 * applied again: each event changes nothing where the page has it already, and all of them end in the newest state.
 * @param lately every event that may not be in the page, in order, up to the last one received
 */
export const fromPage = (page: MessagesPage, lately: readonly PublicEvent[], seen: number): Timeline => {
  const timeline: Timeline = {
    messages: page.messages,
    notices: page.notices.filter(({ type }) => drawnNotices.has(type)),
    moreBefore: page.moreBefore ?? page.more ?? false,
    moreAfter: page.moreAfter ?? false,
    revision: -1,
  }
  return { ...lately.reduce(applyEvent, timeline), revision: seen }
}

export const withOlder = (timeline: Timeline, page: MessagesPage, lately: readonly PublicEvent[]): Timeline => {
  const older = lately.reduce(applyEvent, { ...fromPage(page, [], -1), moreAfter: true })
  const known = new Set(timeline.messages.map(({ id }) => id))
  return {
    ...timeline,
    messages: [...older.messages.filter(({ id }) => !known.has(id)), ...timeline.messages],
    notices: merged(older.notices, timeline.notices),
    moreBefore: page.more ?? false,
  }
}

export const withNewer = (timeline: Timeline, page: MessagesPage, lately: readonly PublicEvent[]): Timeline => {
  const known = new Set(timeline.messages.map(({ id }) => id))
  const joined: Timeline = {
    ...timeline,
    messages: [...timeline.messages, ...page.messages.filter(({ id }) => !known.has(id))],
    notices: merged(
      timeline.notices,
      page.notices.filter(({ type }) => drawnNotices.has(type)),
    ),
    moreAfter: page.more ?? false,
    revision: -1,
  }
  return { ...lately.reduce(applyEvent, joined), revision: timeline.revision }
}

/** Forgets the far past of a long window, so that the page does not grow without end. */
export const trimmed = (timeline: Timeline, keep: number): Timeline => {
  if (timeline.messages.length <= keep) return timeline
  const messages = timeline.messages.slice(-keep)
  const first = messages[0]?.revision ?? 0
  return {
    ...timeline,
    messages,
    notices: timeline.notices.filter(({ revision }) => revision >= first),
    moreBefore: true,
  }
}

export const messageOf = (timeline: Timeline, id: MessageId): MessageView | undefined =>
  timeline.messages.find((message) => message.id === id)

const merged = (older: readonly Notice[], newer: readonly Notice[]): readonly Notice[] => {
  const known = new Set(newer.map(({ revision }) => revision))
  return [...older.filter(({ revision }) => !known.has(revision)), ...newer].sort((a, b) => a.revision - b.revision)
}
