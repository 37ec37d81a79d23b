import { ignored, type Projected, type Projection } from '@verbatim/projections/projector'
import {
  type ConversationEventType,
  type ConversationId,
  type History,
  idOf,
  type MessageId,
  type StoredBody,
  type UserId,
} from '@verbatim/protocol'

type In = { readonly conversation: ConversationId }
type Of = In & { readonly message: MessageId }

/** What the model is told. `at` in milliseconds since the epoch; revisions are the conversation's. */
export type TimelineWrite =
  | (In & {
      readonly put: 'started'
      readonly kind: 'direct' | 'group'
      readonly name: string | null
      readonly history: History
    })
  | (In & { readonly put: 'named'; readonly name: string | null })
  /** `n`: ordinal of the last message then; what came before is not unread. */
  | (In & { readonly put: 'joined'; readonly user: UserId; readonly revision: number; readonly n: number })
  | (In & { readonly put: 'gone'; readonly user: UserId })
  /** The last event of the conversation, and its position if it stands in the timeline. */
  | (In & { readonly put: 'head'; readonly revision: number; readonly activity?: number })
  /** Something between the messages, with its data as JSON. */
  | (In & {
      readonly put: 'notice'
      readonly revision: number
      readonly type: ConversationEventType
      readonly actor: UserId
      readonly at: number
      readonly data: string
    })
  | (Of & {
      readonly put: 'message'
      readonly revision: number
      readonly sender: UserId
      readonly at: number
      readonly n: number
      readonly body: StoredBody
      readonly activity: number
    })
  | (Of & { readonly put: 'edited'; readonly revision: number; readonly at: number; readonly body: StoredBody })
  | (Of & { readonly put: 'deleted'; readonly by: UserId; readonly at: number })
  | (Of & { readonly put: 'restored'; readonly body: StoredBody })
  | (Of & { readonly put: 'reacted'; readonly emoji: string; readonly user: UserId; readonly revision: number })
  | (Of & { readonly put: 'unreacted'; readonly emoji: string; readonly user: UserId })
  | (Of & { readonly put: 'pinned'; readonly revision: number })
  | (Of & { readonly put: 'unpinned' })
  /** `user` has read up to that revision, whose ordinal is `n`. */
  | (In & {
      readonly put: 'read'
      readonly user: UserId
      readonly revision: number
      readonly n: number
      readonly at: number
    })

/** Conversations as their members read them: messages, what happened between them, how far each has read. */
export const timelines: Projection<TimelineWrite> = {
  name: 'timelines',
  version: 1,
  on: {
    DirectOpened: (event) => [
      { put: 'started', ...inIt(event), kind: 'direct', name: null, history: 'whole' },
      ...foundersOf(event, event.data.members),
      ...noticed(event),
    ],
    GroupStarted: (event) => [
      { put: 'started', ...inIt(event), kind: 'group', name: event.data.name, history: event.data.history },
      ...foundersOf(event, event.data.members),
      ...noticed(event),
    ],
    GroupRenamed: (event) => [{ put: 'named', ...inIt(event), name: event.data.name }, ...noticed(event)],
    MemberAdded: (event) => [
      { put: 'joined', ...inIt(event), user: event.data.user, revision: event.revision, n: event.data.n },
      ...noticed(event),
    ],
    MemberRemoved: (event) => [{ put: 'gone', ...inIt(event), user: event.data.user }, ...noticed(event)],
    MemberLeft: (event) => [{ put: 'gone', ...inIt(event), user: event.data.user }, ...noticed(event)],
    RoleChanged: (event) => noticed(event),

    // One write, though it moves the head and the sender's mark as well: this is the event that there are most of.
    MessageSent: (event) => {
      const { data, revision, actor, at, position } = event
      const { message, n, body } = data
      const { conversation } = inIt(event)
      return [{ put: 'message', conversation, message, revision, sender: actor, at, n, body, activity: position }]
    },
    MessageEdited: (event) => [
      { put: 'edited', ...inIt(event), ...event.data, revision: event.revision, at: event.at },
      headOf(event),
    ],
    MessageDeleted: (event) => [
      { put: 'deleted', ...inIt(event), ...event.data, by: event.actor, at: event.at },
      headOf(event),
    ],
    MessageRestored: (event) => [{ put: 'restored', ...inIt(event), ...event.data }, headOf(event)],
    ReactionAdded: (event) => [
      { put: 'reacted', ...inIt(event), ...event.data, user: event.actor, revision: event.revision },
      headOf(event),
    ],
    ReactionRemoved: (event) => [{ put: 'unreacted', ...inIt(event), ...event.data, user: event.actor }, headOf(event)],
    MessagePinned: (event) => [
      { put: 'pinned', ...inIt(event), ...event.data, revision: event.revision },
      ...noticed(event),
    ],
    MessageUnpinned: (event) => [{ put: 'unpinned', ...inIt(event), ...event.data }, ...noticed(event)],

    ReadUpTo: ({ data, at }) => [{ put: 'read', ...data, at }],

    AccountRegistered: ignored,
    ProfileChanged: ignored,
    FriendRequested: ignored,
    RequestCancelled: ignored,
    RequestDeclined: ignored,
    FriendAccepted: ignored,
    FriendRemoved: ignored,
    PersonBlocked: ignored,
    PersonUnblocked: ignored,
    PreferencesSet: ignored,
    ConversationPreferencesSet: ignored,
    SnapshotTaken: ignored,
  },
}

type Here = Projected<ConversationEventType>

const inIt = ({ stream }: Here): In => ({ conversation: idOf(stream) as ConversationId })
const headOf = (event: Here): TimelineWrite => ({ put: 'head', ...inIt(event), revision: event.revision })
const foundersOf = (event: Here, members: readonly UserId[]): TimelineWrite[] =>
  members.map((user) => ({ put: 'joined', ...inIt(event), user, revision: event.revision, n: 0 }))

/** What is told between the messages, and counts as activity. */
const noticed = (event: Here): TimelineWrite[] => {
  const { type, actor, at, revision, position, data } = event
  return [
    { put: 'notice', ...inIt(event), revision, type, actor, at, data: JSON.stringify(data) },
    { put: 'head', ...inIt(event), revision, activity: position },
  ]
}
