import type { ConversationId, Person, UserId } from '@verbatim/protocol'
import { groupId } from '@verbatim/protocol'
import { idAt, people } from '@verbatim/protocol/examples'
import type { GatewayIdentity, GatewayParts } from '@verbatim/services/gateway'

/** Ada, who may add and remove, and the others. */
export const cast: readonly Person[] = [people.ada, people.bob, people.cleo]
export const sessionOf = (user: UserId) => idAt(11 + cast.findIndex(({ id }) => id === user))
export const tokenOf = (user: UserId): string => `token.${user}`
/** In the first one reads what was said before one came, in the second not. */
export const whole: ConversationId = groupId(idAt(21))
export const sinceJoining: ConversationId = groupId(idAt(22))
export const rooms = [whole, sinceJoining] as const

/** Who knows everybody by his token, and everybody's name: neither is what is looked at here. */
export const identity: GatewayIdentity = {
  byProvider: {
    providers: [],
    begin: async () => undefined,
    finish: async () => undefined,
    linkedTo: async () => [],
    unlink: async () => undefined,
  },
  register: async () => ({ kind: 'denied', reason: 'not-allowed' }),
  login: async () => ({ kind: 'denied', reason: 'wrong-credentials' }),
  refresh: async () => ({ kind: 'denied', reason: 'not-signed-in' }),
  logout: async () => ({ kind: 'signed-out' }),
  verify: async (token) => {
    const person = cast.find(({ id }) => tokenOf(id) === token)
    return person && { user: person.id, session: sessionOf(person.id) }
  },
  hasEnded: () => false,
  sessions: async () => [],
  endSession: async () => true,
  onEnded: () => undefined,
}

const always = <T>(value: T) => Promise.resolve({ position: Number.MAX_SAFE_INTEGER, value })
const personOf = (user: UserId): Person | undefined => cast.find(({ id }) => id === user)

export const socialGraph: GatewayParts['socialGraph'] = {
  me: (user) => always(personOf(user)),
  person: (user) => always(personOf(user)),
  people: (users) => always(users.flatMap((user) => personOf(user) ?? [])),
  friends: () => always([]),
  requests: () => always({ incoming: [], outgoing: [] }),
  blocked: () => always([]),
  conversation: () => always(undefined),
  preferences: () =>
    always({ hidePresence: false, contact: 'everyone', doNotDisturb: false, hideContent: false, conversations: {} }),
}
