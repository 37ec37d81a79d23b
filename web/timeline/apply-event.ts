import type { MessageView, Notice, PublicEvent, StoredBody, UserId } from '@verbatim/protocol'
import { drawnNotices, type Happened, type Timeline } from './timeline.ts'

/**
 * What an event does to a window. Pure and total; an event that was applied before changes nothing, so a second
 * delivery is harmless. Events come in order of revision: gaps are closed before (see feed.ts).
 */
export const applyEvent = (timeline: Timeline, event: PublicEvent): Timeline => {
  if (event.revision <= timeline.revision) return timeline
  const next = change(timeline, event as Happened)
  return timeline.revision === -1 ? next : { ...next, revision: event.revision }
}

const change = (timeline: Timeline, event: Happened): Timeline => {
  switch (event.type) {
    case 'MessageSent':
      return append(timeline, event)
    case 'MessageEdited':
    case 'MessageDeleted':
    case 'MessageRestored':
    case 'ReactionAdded':
    case 'ReactionRemoved':
      return touch(timeline, event)
    case 'GroupStarted':
    case 'GroupRenamed':
    case 'MemberAdded':
    case 'MemberRemoved':
    case 'MemberLeft':
    case 'RoleChanged':
      return notice(timeline, event)
    default: // pins belong to the details; a type that is newer than this client draws nothing
      return timeline
  }
}

/** An event that changes one message. */
export type Touching = Extract<
  Happened,
  { type: 'MessageEdited' | 'MessageDeleted' | 'MessageRestored' | 'ReactionAdded' | 'ReactionRemoved' }
>

/** The message after the event. */
export const touched = (message: MessageView, event: Touching): MessageView => {
  switch (event.type) {
    case 'MessageEdited': {
      // The page may be ahead of the socket: an older edit must not bring back what was replaced or deleted.
      if ((message.edited ?? '') > event.at) return message
      return { ...message, body: message.deleted ? null : event.data.body, edited: event.at }
    }
    case 'MessageDeleted': {
      const { replyTo: _, ...rest } = message
      return { ...rest, body: null, deleted: true }
    }
    case 'MessageRestored': {
      const { deleted: _, ...rest } = message
      return { ...rest, ...said(event.data.body) }
    }
    case 'ReactionAdded':
      return { ...message, reactions: withReaction(message.reactions, event.data.emoji, event.actor) }
    case 'ReactionRemoved':
      return { ...message, reactions: withoutReaction(message.reactions, event.data.emoji, event.actor) }
  }
}

/** What a sent message looks like to whoever reads it. */
export const viewOf = (event: Extract<Happened, { type: 'MessageSent' }>): MessageView => {
  const { message, body } = event.data
  return {
    id: message,
    revision: event.revision,
    sender: event.actor,
    sentAt: event.at,
    ...said(body),
    reactions: [],
    ...(body === null && { deleted: true as const }),
  }
}

/** What a message says, and with it what it answers. */
const said = (body: StoredBody): Pick<MessageView, 'body' | 'replyTo'> => ({
  body,
  ...(body?.replyTo !== undefined && { replyTo: body.replyTo }),
})

const append = (timeline: Timeline, event: Extract<Happened, { type: 'MessageSent' }>): Timeline => {
  if (timeline.moreAfter || timeline.messages.some(({ id }) => id === event.data.message)) return timeline
  const sent = viewOf(event)
  const last = timeline.messages.at(-1)
  // Only what is newer than the window belongs at its end; anything older is in a page not yet loaded.
  if (last && last.revision > sent.revision) return timeline
  return { ...timeline, messages: [...timeline.messages, sent] }
}

const notice = (timeline: Timeline, { id: _, ...told }: Happened): Timeline => {
  const { revision } = told
  if (timeline.moreAfter || !drawnNotices.has(told.type)) return timeline
  if (timeline.notices.some((known) => known.revision === revision)) return timeline
  if (revision < (timeline.messages[0]?.revision ?? -1) && timeline.moreBefore) return timeline
  const notices: Notice[] = [...timeline.notices, told]
  return { ...timeline, notices: notices.sort((a, b) => a.revision - b.revision) }
}

const touch = (timeline: Timeline, event: Touching): Timeline => {
  const index = timeline.messages.findIndex(({ id }) => id === event.data.message)
  const message = timeline.messages[index]
  if (message === undefined) return timeline
  const next = touched(message, event)
  return next === message ? timeline : { ...timeline, messages: timeline.messages.with(index, next) }
}

type Reactions = MessageView['reactions']

export const withReaction = (reactions: Reactions, emoji: string, user: UserId): Reactions => {
  const known = reactions.find((reaction) => reaction.emoji === emoji)
  if (known === undefined) return [...reactions, { emoji, users: [user] }]
  if (known.users.includes(user)) return reactions
  return reactions.map((reaction) => (reaction === known ? { emoji, users: [...known.users, user] } : reaction))
}

export const withoutReaction = (reactions: Reactions, emoji: string, user: UserId): Reactions =>
  reactions
    .map((reaction) =>
      reaction.emoji === emoji ? { emoji, users: reaction.users.filter((other) => other !== user) } : reaction,
    )
    .filter(({ users }) => users.length > 0)
