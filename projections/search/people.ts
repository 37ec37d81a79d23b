import { ignored, type Projection } from '@verbatim/projections/projector'
import type { UserId } from '@verbatim/protocol'

/** What an event changes in the index. Of `null` nothing is found. */
export type PeopleWrite =
  | { readonly kind: 'person'; readonly user: UserId; readonly handle: string | null; readonly name: string | null }
  | { readonly kind: 'renamed'; readonly user: UserId; readonly name: string | null }

/** People by what they are called. */
export const people: Projection<PeopleWrite> = {
  name: 'people',
  version: 1,
  on: {
    AccountRegistered: ({ data }) => [{ kind: 'person', user: data.user, handle: data.handle, name: data.name }],
    ProfileChanged: ({ data: { user, name } }) => (name === undefined ? [] : [{ kind: 'renamed', user, name }]),

    FriendRequested: ignored,
    RequestCancelled: ignored,
    RequestDeclined: ignored,
    FriendAccepted: ignored,
    FriendRemoved: ignored,
    PersonBlocked: ignored,
    PersonUnblocked: ignored,

    DirectOpened: ignored,
    GroupStarted: ignored,
    GroupRenamed: ignored,
    MemberAdded: ignored,
    MemberRemoved: ignored,
    MemberLeft: ignored,
    RoleChanged: ignored,
    MessageSent: ignored,
    MessageEdited: ignored,
    MessageDeleted: ignored,
    MessageRestored: ignored,
    ReactionAdded: ignored,
    ReactionRemoved: ignored,
    MessagePinned: ignored,
    MessageUnpinned: ignored,

    PreferencesSet: ignored,
    ConversationPreferencesSet: ignored,
    ReadUpTo: ignored,
    SnapshotTaken: ignored,
  },
}
