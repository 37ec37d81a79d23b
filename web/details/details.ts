import type { ConversationDetails, MessageId, PublicEvent, Role, UserId } from '@verbatim/protocol'
import type { Happened } from '../timeline/timeline.ts'

/** What a conversation is, beside its messages. Names come from the people that the client knows. */
export type Details = {
  readonly kind: 'direct' | 'group'
  readonly name: string | null
  readonly history: 'whole' | 'since-joining'
  readonly revision: number
  readonly members: readonly { readonly id: UserId; readonly role: Role }[]
  readonly pins: readonly MessageId[]
}

export const detailsFrom = ({ kind, name, history, revision, members, pins }: ConversationDetails): Details => ({
  kind,
  name,
  history,
  revision,
  members: members.map(({ id, role }) => ({ id, role })),
  pins,
})

export const applyToDetails = (details: Details, event: PublicEvent): Details =>
  event.revision <= details.revision ? details : { ...change(details, event as Happened), revision: event.revision }

const change = (details: Details, event: Happened): Details => {
  switch (event.type) {
    case 'GroupRenamed':
      return { ...details, name: event.data.name }
    case 'MemberAdded': {
      const { user } = event.data
      return { ...details, members: [...without(details, user), { id: user, role: 'member' }] }
    }
    case 'MemberRemoved':
    case 'MemberLeft':
      return { ...details, members: without(details, event.data.user) }
    case 'RoleChanged': {
      const { user, role } = event.data
      return { ...details, members: details.members.map((one) => (one.id === user ? { ...one, role } : one)) }
    }
    case 'MessagePinned':
      return { ...details, pins: [...details.pins.filter((id) => id !== event.data.message), event.data.message] }
    case 'MessageUnpinned':
      return { ...details, pins: details.pins.filter((id) => id !== event.data.message) }
    default:
      return details
  }
}

const without = ({ members }: Details, user: UserId) => members.filter(({ id }) => id !== user)

export const roleOf = (details: Details | undefined, user: UserId): Role | undefined =>
  details?.members.find(({ id }) => id === user)?.role
