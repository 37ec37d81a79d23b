import type { DomainEvent, FriendshipEventType, UserId } from '@verbatim/protocol'

/** How the person stands to others. Who is blocked by somebody else is not told. */
export type Social = {
  readonly friends: readonly UserId[]
  readonly incoming: readonly UserId[]
  readonly outgoing: readonly UserId[]
  readonly blocked: readonly UserId[]
}

export type Standing = 'none' | 'friend' | 'incoming' | 'outgoing' | 'blocked'

export const noSocial = (): Social => ({ friends: [], incoming: [], outgoing: [], blocked: [] })

export const standing = (social: Social, user: UserId): Standing => {
  if (social.blocked.includes(user)) return 'blocked'
  if (social.friends.includes(user)) return 'friend'
  if (social.incoming.includes(user)) return 'incoming'
  return social.outgoing.includes(user) ? 'outgoing' : 'none'
}

export type FriendshipHappened = Pick<DomainEvent<FriendshipEventType>, 'type' | 'data'>

/** Each event says the whole standing of the two afterwards, so a second delivery changes nothing. */
export const applyToSocial = (social: Social, { type, data }: FriendshipHappened, me: UserId): Social => {
  const other = data.from === me ? data.to : data.from
  const apart: Social = {
    ...social,
    friends: without(social.friends, other),
    incoming: without(social.incoming, other),
    outgoing: without(social.outgoing, other),
  }
  switch (type) {
    case 'FriendRequested':
      return data.from === me
        ? { ...apart, outgoing: [...apart.outgoing, other] }
        : { ...apart, incoming: [...apart.incoming, other] }
    case 'FriendAccepted':
      return { ...apart, friends: [...apart.friends, other] }
    case 'RequestCancelled':
    case 'RequestDeclined':
    case 'FriendRemoved':
      return apart
    case 'PersonBlocked':
      return data.from === me ? { ...apart, blocked: [...without(apart.blocked, other), other] } : apart
    case 'PersonUnblocked':
      return data.from === me ? { ...social, blocked: without(social.blocked, other) } : social
  }
}

const friendshipEvents = new Set<string>([
  'FriendRequested',
  'RequestCancelled',
  'RequestDeclined',
  'FriendAccepted',
  'FriendRemoved',
  'PersonBlocked',
  'PersonUnblocked',
])
export const isFriendshipEvent = (event: { type: string; data: unknown }): event is FriendshipHappened =>
  friendshipEvents.has(event.type)

const without = (users: readonly UserId[], user: UserId): readonly UserId[] => users.filter((other) => other !== user)
