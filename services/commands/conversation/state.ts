import type { ConversationEvent, DataOf, Happened, History, MessageId, Role, UserId } from '@verbatim/protocol'
import { dropOldest } from './oldest.ts'

/** So many recent messages stay in the state; what is older comes as a fact. */
export const WINDOW = 300

/** `joined`: revision of the event by which the member came in the last time. */
export type Member = { role: Role; readonly joined: number }

/** A message without its words. */
export type Kept = {
  readonly sender: UserId
  readonly revision: number
  deleted?: { readonly by: UserId; readonly at: number }
  /** Who has reacted with what; an emoji without people is not there. */
  reactions?: Map<string, Set<UserId>>
  /** An edit changes what is said, not what it answers or where it comes from. */
  readonly replyTo?: MessageId
  readonly forwardedFrom?: MessageId
  /** Digest of the last edit. */
  edit?: string
}

export type Open = {
  readonly status: 'open'
  readonly kind: 'direct' | 'group'
  readonly history: History
  readonly members: Map<UserId, Member>
  /** Of the last event. */
  revision: number
  /** Messages sent so far. */
  n: number
  /** Recent messages, oldest first, with consecutive ordinals up to `n`. */
  readonly window: Map<MessageId, Kept>
  readonly pins: Set<MessageId>
  /** Digest of the last renaming. */
  name?: string
}
export type Conversation = { readonly status: 'unstarted' } | Open
export type Unstarted = Extract<Conversation, { status: 'unstarted' }>

/** Changes the state in place, so that an event costs the same however much is in the window. */
export const evolve = (state: Conversation, event: Happened<ConversationEvent>): Conversation => {
  if (event.type === 'GroupStarted') return groupStarted(event.data, event.by)
  if (event.type === 'DirectOpened') return directOpened(event.data)
  if (state.status === 'unstarted') return state
  state.revision++
  apply(state, event)
  return state
}

type Later = Exclude<ConversationEvent, { type: 'GroupStarted' | 'DirectOpened' }>

const apply = (state: Open, event: Happened<Later>): void => {
  switch (event.type) {
    case 'MessageSent':
      messageSent(state, event.data, event.by)
      return
    case 'GroupRenamed':
      state.name = event.digest
      return
    case 'MemberAdded':
      state.members.set(event.data.user, { role: 'member', joined: state.revision })
      return
    case 'MemberRemoved':
    case 'MemberLeft':
      state.members.delete(event.data.user)
      return
    case 'RoleChanged': {
      const member = state.members.get(event.data.user)
      if (member) member.role = event.data.role
      return
    }
    case 'MessagePinned':
      state.pins.add(event.data.message)
      return
    case 'MessageUnpinned':
      state.pins.delete(event.data.message)
      return
    default: {
      const message = state.window.get(event.data.message)
      if (message) change(message, event)
    }
  }
}

type Change = Extract<
  Later,
  { type: 'MessageEdited' | 'MessageDeleted' | 'MessageRestored' | 'ReactionAdded' | 'ReactionRemoved' }
>

const change = (message: Kept, event: Happened<Change>): void => {
  switch (event.type) {
    case 'MessageEdited':
      message.edit = event.digest
      return
    case 'MessageDeleted':
      message.deleted = { by: event.by, at: event.at }
      return
    case 'MessageRestored':
      delete message.deleted
      return
    case 'ReactionAdded':
      message.reactions ??= new Map()
      message.reactions.set(event.data.emoji, (message.reactions.get(event.data.emoji) ?? new Set()).add(event.by))
      return
    case 'ReactionRemoved':
      takeBack(message, event.data.emoji, event.by)
      return
  }
}

/** Leaves nothing behind, or the state would differ from one that was read back from a snapshot. */
const takeBack = (message: Kept, emoji: string, by: UserId): void => {
  const { reactions } = message
  const people = reactions?.get(emoji)
  people?.delete(by)
  if (people?.size === 0) reactions?.delete(emoji)
  if (reactions?.size === 0) delete message.reactions
}

const messageSent = (state: Open, { message, n, body }: DataOf<'MessageSent'>, sender: UserId): void => {
  state.n = n
  const { window } = state
  const replyTo = body?.replyTo
  const forwardedFrom = body?.forwardedFrom
  const kept: Kept =
    replyTo === undefined && forwardedFrom === undefined
      ? { sender, revision: state.revision }
      : {
          sender,
          revision: state.revision,
          ...(replyTo !== undefined && { replyTo }),
          ...(forwardedFrom !== undefined && { forwardedFrom }),
        }
  window.set(message, kept)
  if (window.size > WINDOW) dropOldest(window)
}

const groupStarted = ({ members, history }: DataOf<'GroupStarted'>, creator: UserId): Open => ({
  ...opened('group', history),
  members: new Map(members.map((user) => [user, { role: user === creator ? 'admin' : 'member', joined: 0 }])),
})

const directOpened = ({ members }: DataOf<'DirectOpened'>): Open => ({
  ...opened('direct', 'whole'),
  members: new Map(members.map((user) => [user, { role: 'member', joined: 0 }])),
})

const opened = (kind: Open['kind'], history: History): Omit<Open, 'members'> => ({
  status: 'open',
  kind,
  history,
  revision: 0,
  n: 0,
  window: new Map(),
  pins: new Set(),
})

/** Of the last message at or before `revision`; `undefined` when the window does not reach back that far. */
export const ordinalAt = (state: Open, revision: number): number | undefined => {
  let before = 0
  for (const message of state.window.values()) {
    if (message.revision > revision) break
    before++
  }
  return before > 0 || state.n === state.window.size ? state.n - state.window.size + before : undefined
}

/** `since-joining` hides what happened before one's newest joining. */
export const isVisible = (state: Open, member: Member, revision: number): boolean =>
  state.history === 'whole' || revision > member.joined

export const isMember = (state: Conversation, user: UserId): boolean =>
  state.status === 'open' && state.members.has(user)
