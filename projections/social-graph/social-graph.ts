import { ignored, type Projection } from '@verbatim/projections/projector'
import {
  type ConversationId,
  type DataOf,
  type History,
  idOf,
  type Role,
  type StreamName,
  type UserId,
} from '@verbatim/protocol'

/** What an event changes in the model. Times in milliseconds since the epoch. */
export type SocialGraphWrite =
  | { readonly kind: 'person'; readonly user: UserId; readonly handle: string | null; readonly name: string | null }
  /** Only what is given changes; `null` is erased. */
  | { readonly kind: 'profile'; readonly user: UserId; readonly name?: string | null; readonly about?: string | null }
  | { readonly kind: 'request'; readonly from: UserId; readonly to: UserId; readonly at: number }
  /** Whoever of the two had asked. */
  | { readonly kind: 'no-request'; readonly one: UserId; readonly other: UserId }
  | { readonly kind: 'friends'; readonly one: UserId; readonly other: UserId; readonly at: number }
  | { readonly kind: 'no-friends'; readonly one: UserId; readonly other: UserId }
  | { readonly kind: 'block'; readonly from: UserId; readonly to: UserId; readonly at: number }
  | { readonly kind: 'no-block'; readonly from: UserId; readonly to: UserId }
  | {
      readonly kind: 'conversation'
      readonly conversation: ConversationId
      readonly is: 'direct' | 'group'
      readonly name: string | null
      readonly history: History
    }
  | { readonly kind: 'renamed'; readonly conversation: ConversationId; readonly name: string | null }
  /** `joined` is the revision of the event that added him, `place` his place within it. */
  | {
      readonly kind: 'member'
      readonly conversation: ConversationId
      readonly user: UserId
      readonly role: Role
      readonly joined: number
      readonly place: number
    }
  | { readonly kind: 'no-member'; readonly conversation: ConversationId; readonly user: UserId }
  | { readonly kind: 'role'; readonly conversation: ConversationId; readonly user: UserId; readonly role: Role }
  | { readonly kind: 'preferences'; readonly user: UserId; readonly set: DataOf<'PreferencesSet'> }
  | {
      readonly kind: 'conversation-preferences'
      readonly user: UserId
      readonly set: DataOf<'ConversationPreferencesSet'>
    }

/** Profiles, friends, requests, blocks, groups, members, roles and preferences. */
export const socialGraph: Projection<SocialGraphWrite> = {
  name: 'social_graph',
  version: 1,
  on: {
    AccountRegistered: ({ data }) => [{ kind: 'person', user: data.user, handle: data.handle, name: data.name }],
    ProfileChanged: ({ data }) => [{ kind: 'profile', ...data }],

    FriendRequested: ({ data, at }) => [{ kind: 'request', from: data.from, to: data.to, at }],
    RequestCancelled: ({ data }) => [noRequest(data)],
    RequestDeclined: ({ data }) => [noRequest(data)],
    FriendAccepted: ({ data, at }) => [noRequest(data), { kind: 'friends', one: data.from, other: data.to, at }],
    FriendRemoved: ({ data }) => [{ kind: 'no-friends', one: data.from, other: data.to }],
    PersonBlocked: ({ data, at }) => [{ kind: 'block', from: data.from, to: data.to, at }],
    PersonUnblocked: ({ data }) => [{ kind: 'no-block', from: data.from, to: data.to }],

    DirectOpened: ({ data: { conversation, members }, revision }) => [
      { kind: 'conversation', conversation, is: 'direct', name: null, history: 'whole' },
      ...members.map((user, place) => member({ conversation, user, joined: revision, place })),
    ],
    GroupStarted: ({ data: { conversation, name, history, members }, actor, revision }) => [
      { kind: 'conversation', conversation, is: 'group', name, history },
      ...members.map((user, place) =>
        member({ conversation, user, joined: revision, place, role: user === actor ? 'admin' : 'member' }),
      ),
    ],
    GroupRenamed: (event) => [{ kind: 'renamed', conversation: conversationOf(event), name: event.data.name }],
    MemberAdded: (event) => [
      member({ conversation: conversationOf(event), user: event.data.user, joined: event.revision, place: 0 }),
    ],
    MemberRemoved: (event) => [{ kind: 'no-member', conversation: conversationOf(event), user: event.data.user }],
    MemberLeft: (event) => [{ kind: 'no-member', conversation: conversationOf(event), user: event.data.user }],
    RoleChanged: (event) => [{ kind: 'role', conversation: conversationOf(event), ...event.data }],

    MessageSent: ignored,
    MessageEdited: ignored,
    MessageDeleted: ignored,
    MessageRestored: ignored,
    ReactionAdded: ignored,
    ReactionRemoved: ignored,
    MessagePinned: ignored,
    MessageUnpinned: ignored,

    PreferencesSet: ({ data, actor }) => [{ kind: 'preferences', user: actor, set: data }],
    ConversationPreferencesSet: ({ data, actor }) => [{ kind: 'conversation-preferences', user: actor, set: data }],

    ReadUpTo: ignored,
    SnapshotTaken: ignored,
  },
}

const conversationOf = (event: { stream: StreamName }) => idOf(event.stream) as ConversationId

type Pair = { readonly from: UserId; readonly to: UserId }
const noRequest = ({ from, to }: Pair): SocialGraphWrite => ({ kind: 'no-request', one: from, other: to })

type Joining = { conversation: ConversationId; user: UserId; joined: number; place: number; role?: Role }
const member = ({ role = 'member', ...joining }: Joining): SocialGraphWrite => ({ kind: 'member', role, ...joining })
