import {
  accept,
  type Body,
  type ConversationEvent,
  limits,
  type MessageId,
  nothingToDo,
  refuse,
  type StoredBody,
  type UserId,
} from '@verbatim/protocol'
import type { OldMessage } from './facts.ts'
import type { Ask, Decision, Room } from './members.ts'
import { isVisible, type Kept } from './state.ts'

export const send = ({ id, body }: Ask<'SendMessage'>, room: Room): Decision => {
  const { state, facts } = room
  if (facts.blocked) return refuse('blocked')
  const answered = body.replyTo === undefined ? undefined : messageOf(room, body.replyTo)
  if (body.replyTo !== undefined && !answered) return refuse('not-found')
  if (body.forwardedFrom !== undefined) {
    const here = messageOf(room, body.forwardedFrom)
    if (here ? here.deleted !== undefined : !facts.forwardable) return refuse('not-found')
  }
  const data = { message: id, n: state.n + 1, body: said(body, room, body) }
  return accept({ type: 'MessageSent', data: answered ? { ...unseenBy(room, answered), ...data } : data })
}

export const edit = ({ message, body, by, digest }: Ask<'EditMessage'>, room: Room): Decision => {
  if (room.facts.blocked) return refuse('blocked')
  const found = messageOf(room, message)
  if (!found) return refuse('not-found')
  if (found.sender !== by) return refuse('not-allowed')
  if (found.deleted) return refuse('message-deleted')
  if (found.edit === digest) return nothingToDo
  return accept({ type: 'MessageEdited', data: { ...unseenBy(room, found), message, body: said(body, room, found) } })
}

export const deleteMessage = ({ message, by }: Ask<'DeleteMessage'>, room: Room): Decision => {
  const found = messageOf(room, message)
  if (!found) return refuse('not-found')
  // In a direct conversation nobody is an admin.
  if (found.sender !== by && room.member.role !== 'admin') return refuse('not-allowed')
  if (found.deleted) return nothingToDo
  const deleted = { type: 'MessageDeleted', data: { message } } as const
  // A pin ends by an event of its own: no reader has to know what a deletion implies.
  return room.state.pins.has(message)
    ? accept<ConversationEvent>({ type: 'MessageUnpinned', data: { message } }, deleted)
    : accept<ConversationEvent>(deleted)
}

export const restore = ({ message, by, at }: Ask<'RestoreMessage'>, room: Room): Decision => {
  if (room.facts.blocked) return refuse('blocked')
  const found = messageOf(room, message)
  if (!found) return refuse('not-found')
  if (!found.deleted) return nothingToDo
  if (found.deleted.by !== by) return refuse('not-allowed')
  if (at - found.deleted.at > limits.restoreWithin) return refuse('too-late')
  const words = room.facts.messages.get(message)
  if (!words) return refuse('not-found')
  return accept({ type: 'MessageRestored', data: { ...unseenBy(room, found), message, body: words.body } })
}

export const react = ({ message, emoji, by }: Ask<'React'>, room: Room): Decision => {
  if (room.facts.blocked) return refuse('blocked')
  const found = messageOf(room, message)
  if (!found) return refuse('not-found')
  if (found.deleted) return refuse('message-deleted')
  const people = found.reactions?.get(emoji)
  if (people?.has(by)) return nothingToDo
  if (!people && (found.reactions?.size ?? 0) >= limits.reactionsPerMessage) return refuse('too-many')
  return accept({ type: 'ReactionAdded', data: { message, emoji } })
}

/** One may always take back what is one's own, behind a block and on a deleted message too. */
export const unreact = ({ message, emoji, by }: Ask<'Unreact'>, room: Room): Decision => {
  const found = messageOf(room, message)
  if (!found) return refuse('not-found')
  if (!found.reactions?.get(emoji)?.has(by)) return nothingToDo
  return accept({ type: 'ReactionRemoved', data: { message, emoji } })
}

export const pin = ({ message }: Ask<'Pin'>, room: Room): Decision => {
  if (room.facts.blocked) return refuse('blocked')
  const found = messageOf(room, message)
  if (!found) return refuse('not-found')
  if (found.deleted) return refuse('message-deleted')
  if (room.state.pins.has(message)) return nothingToDo
  if (room.state.pins.size >= limits.pins) return refuse('too-many')
  return accept({ type: 'MessagePinned', data: { message } })
}

export const unpin = ({ message }: Ask<'Unpin'>, room: Room): Decision => {
  if (room.facts.blocked) return refuse('blocked')
  if (!messageOf(room, message)) return refuse('not-found')
  return room.state.pins.has(message) ? accept({ type: 'MessageUnpinned', data: { message } }) : nothingToDo
}

/** Whom the event that says or names an older message tells less: all for whom it was before their joining. */
const unseenBy = ({ state }: Room, { revision }: Kept): { unseenBy?: UserId[] } => {
  if (state.history === 'whole') return {}
  const users = [...state.members].flatMap(([user, member]) => (isVisible(state, member, revision) ? [] : [user]))
  return users.length > 0 ? { unseenBy: users } : {}
}

/** From the window, else from the facts; only when the member may see it. */
const messageOf = ({ state, member, facts }: Room, message: MessageId): Kept | OldMessage | undefined => {
  const found = state.window.get(message) ?? facts.messages.get(message)
  return found && isVisible(state, member, found.revision) ? found : undefined
}

/**
 * What is stored of a body. A mention of somebody who is no member is dropped rather than refused: he may have left
 * while it was being written.
 */
const said = (
  { text, mentions }: Body,
  { state }: Room,
  { replyTo, forwardedFrom }: Pick<Kept, 'replyTo' | 'forwardedFrom'> | Body,
): StoredBody => {
  if (mentions === undefined && replyTo === undefined && forwardedFrom === undefined)
    return text === undefined ? {} : { text }
  const named = [...new Set(mentions)].filter((user) => state.members.has(user))
  return {
    ...(text !== undefined && { text }),
    ...(replyTo !== undefined && { replyTo }),
    ...(named.length > 0 && { mentions: named }),
    ...(forwardedFrom !== undefined && { forwardedFrom }),
  }
}
