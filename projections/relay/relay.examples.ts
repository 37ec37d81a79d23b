import {
  type ConversationId,
  conversationStream,
  type DataOf,
  directConversation,
  type EventId,
  type EventType,
  friendshipStream,
  type StreamName,
  type Ulid,
  type UserId,
} from '@verbatim/protocol'
import type { EventLog, Recorded } from '@verbatim/services/event-log'
import { type LiveMessage, localLive } from '@verbatim/services/live'
import { relay } from './relay.ts'

const ulid = (digit: string) => `01J0000000000000000000000${digit}` as Ulid
export const ada: UserId = ulid('A')
export const bob: UserId = ulid('B')
export const cyd: UserId = ulid('C')
export const tea = ulid('T') as string as ConversationId
export const noon = ulid('N') as string as ConversationId
export const pair = directConversation(ada, bob)
export const noonAt = Date.UTC(2024, 4, 1, 12)

/** Records events as a log would: positions over all, revisions by stream. */
export const recorder = () => {
  const heads = new Map<StreamName, number>()
  let position = 0
  return <T extends EventType>(stream: StreamName, type: T, data: DataOf<T>, actor = ada): Recorded => {
    const revision = (heads.get(stream) ?? -1) + 1
    heads.set(stream, revision)
    position++
    const id = `00000000-0000-5000-8000-${String(position).padStart(12, '0')}` as EventId
    const json = JSON.stringify(data)
    const session = ulid('S')
    return {
      id,
      type,
      schema: 1,
      actor,
      session,
      command: session,
      digest: '',
      at: noonAt,
      json,
      stream,
      revision,
      position,
    }
  }
}

/** The verbs of one conversation and of one friendship. */
export const verbs = (record = recorder(), conversation = tea) => {
  const stream = conversationStream(conversation)
  let n = 0
  return {
    started: (...members: UserId[]) =>
      record(stream, 'GroupStarted', { conversation, name: 'Tea', members, history: 'whole' }),
    sent: (text: string, by = ada) => record(stream, 'MessageSent', { message: ulid('M'), n: ++n, body: { text } }, by),
    added: (user: UserId) => record(stream, 'MemberAdded', { user, n }),
    removed: (user: UserId) => record(stream, 'MemberRemoved', { user }),
    left: (user: UserId) => record(stream, 'MemberLeft', { user }, user),
    read: (user: UserId, revision: number) =>
      record(`reading-${conversation}_${user}` as StreamName, 'ReadUpTo', { conversation, user, revision, n }, user),
    between: (type: FriendshipType, from: UserId, to: UserId, actor = from) =>
      record(friendshipStream(directConversation(from, to)), type, { from, to }, actor),
  }
}
type FriendshipType =
  | 'FriendRequested'
  | 'RequestCancelled'
  | 'RequestDeclined'
  | 'FriendAccepted'
  | 'FriendRemoved'
  | 'PersonBlocked'
  | 'PersonUnblocked'

/** A relay on a log that is told by hand what to deliver, and what it published. */
export const relaying = (from = 0) => {
  const published: LiveMessage[] = []
  const live = localLive()
  live.follow((message) => published.push(message))
  let deliver: (events: readonly Recorded[]) => void = () => {}
  let after = -1
  const log: Pick<EventLog, 'follow'> = {
    follow(position, onBatch) {
      after = position
      deliver = onBatch
      return {
        close: async () => {
          deliver = () => {}
        },
      }
    },
  }
  const running = relay({ log, live, from })
  return {
    running,
    published,
    live,
    followedAfter: () => after,
    commit: (...events: Recorded[]) => deliver(events),
    /** What was published, one short line each: `events 1-2`, `joined bob`. */
    story: () => published.map(line),
  }
}

const names = new Map<string, string>([
  [ada, 'ada'],
  [bob, 'bob'],
  [cyd, 'cyd'],
])
const line = (message: LiveMessage): string => {
  switch (message.kind) {
    case 'conversation':
      return `events ${message.first}-${message.last}`
    case 'joined':
    case 'left':
    case 'user':
      return `${message.kind} ${names.get(message.user)}`
    case 'aside':
      return 'read'
    case 'ended':
      return 'ended'
  }
}
