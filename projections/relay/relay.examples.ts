import {
  type ConversationId,
  conversationStream,
  type DataOf,
  directConversation,
  type EventId,
  type EventType,
  type FriendshipEventType,
  friendshipStream,
  groupId,
  readingStream,
  type StreamName,
  type UserId,
} from '@verbatim/protocol'
import { ada, adasSession, bob, cleo, hello, idAt, noon, tea } from '@verbatim/protocol/examples'
import type { EventLog, Recorded } from '@verbatim/services/event-log'
import { type LiveMessage, localLive } from '@verbatim/services/live'
import { relay } from './relay.ts'

/** Another group. */
export const walk: ConversationId = groupId(idAt(22))

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
    const session = adasSession
    return {
      id,
      type,
      schema: 1,
      actor,
      session,
      command: session,
      digest: '',
      at: noon,
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
    sent: (text: string, by = ada) => record(stream, 'MessageSent', { message: hello, n: ++n, body: { text } }, by),
    added: (user: UserId) => record(stream, 'MemberAdded', { user, n }),
    removed: (user: UserId) => record(stream, 'MemberRemoved', { user }),
    left: (user: UserId) => record(stream, 'MemberLeft', { user }, user),
    read: (user: UserId, revision: number) =>
      record(readingStream(conversation, user), 'ReadUpTo', { conversation, user, revision, n }, user),
    between: (type: FriendshipEventType, from: UserId, to: UserId, actor = from) =>
      record(friendshipStream(directConversation(from, to)), type, { from, to }, actor),
  }
}
/** A relay on a log that is told by hand what to deliver, and what it published. */
export const relaying = (from = 0) => {
  const published: LiveMessage[] = []
  const live = localLive()
  live.follow((message) => published.push(message))
  let deliver: (events: readonly Recorded[]) => void = () => {}
  let after = -1
  let finish: () => void = () => {}
  let fail: (reason: Error) => void = () => {}
  const ended = new Promise<void>((resolve, reject) => {
    finish = resolve
    fail = reject
  })
  const log: Pick<EventLog, 'follow'> = {
    follow(position, onBatch) {
      after = position
      deliver = onBatch
      const close = async () => {
        deliver = () => {}
        finish()
      }
      return { close, ended }
    },
  }
  const running = relay({ log, live, from })
  return {
    running,
    fail: (reason: Error) => fail(reason),
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
  [cleo, 'cleo'],
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
