import {
  type ConversationId,
  type DataOf,
  type EventType,
  idOf,
  type StoredBody,
  type UserId,
} from '@verbatim/protocol'
import type { Recorded } from '@verbatim/services/event-log'
import type { Live } from '@verbatim/services/live'
import { conversationFrame, readFrame, userFrame } from './frames.ts'
import { publicEventJson, userEventJson } from './public-event.ts'
import type { Sections } from './sections.ts'

type Out = { readonly live: Live; readonly sections: Sections }
type Route = (event: Recorded, out: Out) => void

const toMembers: Route = (event, { sections }) => sections.add(event)

/** Nearly always the same for all. Where it is not, `unseenBy` stands first in the data. */
const spoken: Route = (event, out) =>
  event.json.startsWith('{"unseenBy"') ? spokenApart(event, out) : out.sections.add(event)

/** Who joined after the message in question hears that something was done, and none of the words. */
const spokenApart: Route = (event, { live, sections }) => {
  const { stream, revision, position } = event
  const conversation = idOf(stream) as ConversationId
  const { unseenBy: users = [], body, ...data } = dataOf<'MessageSent' | 'MessageEdited' | 'MessageRestored'>(event)
  const frameOf = (told: StoredBody) =>
    conversationFrame(conversation, publicEventJson(event, JSON.stringify({ ...data, body: told })))
  const { replyTo: _, ...unanswering } = body ?? {}
  sections.cut(stream)
  live.publish({
    kind: 'conversation',
    conversation,
    first: revision,
    last: revision,
    position,
    frame: frameOf(body),
    instead: { users, frame: frameOf(body !== null && event.type === 'MessageSent' ? unanswering : null) },
  })
}

/** The event that adds people is the first that they get. */
const joining =
  (added: (event: Recorded) => { users: readonly UserId[]; told: string }): Route =>
  (event, { live, sections }) => {
    const { stream, position } = event
    const conversation = idOf(stream) as ConversationId
    const { users, told } = added(event)
    const frame = userFrame(told, position)
    sections.cut(stream)
    for (const user of users) {
      live.publish({ kind: 'joined', conversation, user, position })
      live.publish({ kind: 'user', user, position, frame })
    }
    sections.add(event)
  }

const starting = joining((event) => ({
  users: dataOf<'DirectOpened' | 'GroupStarted'>(event).members,
  told: userEventJson(event),
}))

const adding = joining((event) => ({
  users: [dataOf<'MemberAdded'>(event).user],
  // In the conversation's own frame the event need not name it; told to a person it must.
  told: userEventJson(event, `{"conversation":"${idOf(event.stream)}",${event.json.slice(1)}`),
}))

/** The event that takes somebody out is the last that he gets. */
const leaving: Route = (event, { live, sections }) => {
  const { stream, position } = event
  sections.add(event)
  sections.cut(stream)
  const { user } = dataOf<'MemberRemoved' | 'MemberLeft'>(event)
  live.publish({ kind: 'left', conversation: idOf(stream) as ConversationId, user, position })
}

const toPeople =
  (people: (event: Recorded) => readonly UserId[]): Route =>
  (event, { live }) => {
    const frame = userFrame(userEventJson(event), event.position)
    for (const user of people(event)) live.publish({ kind: 'user', user, position: event.position, frame })
  }

const toBothSides = toPeople((event) => {
  const { from, to } = dataOf<'FriendRequested'>(event)
  return [from, to]
})
const toActor = toPeople((event) => [event.actor])

const readMark: Route = (event, { sections }) => {
  const { conversation, user, revision } = dataOf<'ReadUpTo'>(event)
  sections.aside(conversation, readFrame(conversation, user, revision), event.position)
}

const toNobody: Route = () => {}

const dataOf = <T extends EventType>(event: Recorded): DataOf<T> => JSON.parse(event.json) as DataOf<T>

/** Who is told of what. Total: a new event type does not compile until it has its route. */
export const routes: { readonly [T in EventType]: Route } = {
  AccountRegistered: toNobody,
  ProfileChanged: toActor,

  FriendRequested: toBothSides,
  RequestCancelled: toBothSides,
  // Who asked is not told that he was turned down: the request is gone when he reads his list again.
  RequestDeclined: toActor,
  FriendAccepted: toBothSides,
  FriendRemoved: toBothSides,
  PersonBlocked: toActor,
  PersonUnblocked: toActor,

  DirectOpened: starting,
  GroupStarted: starting,
  GroupRenamed: toMembers,
  MemberAdded: adding,
  MemberRemoved: leaving,
  MemberLeft: leaving,
  RoleChanged: toMembers,
  MessageSent: spoken,
  MessageEdited: spoken,
  MessageDeleted: toMembers,
  MessageRestored: spoken,
  ReactionAdded: toMembers,
  ReactionRemoved: toMembers,
  MessagePinned: toMembers,
  MessageUnpinned: toMembers,

  PreferencesSet: toActor,
  ConversationPreferencesSet: toActor,

  ReadUpTo: readMark,

  SnapshotTaken: toNobody,
}
