import type { PeopleSearch } from '@verbatim/projections/search'
import {
  type Answer,
  type Order,
  type Person,
  type Preferences,
  type SessionId,
  type Ulid,
  type UserId,
  ulids,
} from '@verbatim/protocol'
import { adasSession, bobsSession, idAt, people } from '@verbatim/protocol/examples'
import type { Claims } from '@verbatim/services/identity'
import { afterEach } from 'vitest'
import { gateway } from '../gateway.ts'
import type { GatewayIdentity, GatewayParts, GatewaySocialGraph, GatewayTimelines } from '../parts.ts'
import { openSockets } from '../sockets/open-sockets.ts'
import { type World, world } from './world.ts'

/** For tests: a gateway on a free port whose surroundings are in memory and do what they are told. */
export type Rig = Awaited<ReturnType<typeof startGateway>>
type Faked = 'identity' | 'timelines' | 'socialGraph' | 'people' | 'bus'
type Change = Partial<Omit<GatewayParts, Faked>> & {
  readonly identity?: Partial<GatewayIdentity>
  readonly timelines?: Partial<GatewayTimelines>
  readonly socialGraph?: Partial<GatewaySocialGraph>
  readonly bus?: (order: Order) => Promise<Answer>
  readonly world?: World
}

export const cast = people
const sessions: Readonly<Record<UserId, SessionId>> = { [people.ada.id]: adasSession, [people.bob.id]: bobsSession }
export const sessionOf = (user: UserId): SessionId => sessions[user] ?? idAt(13)
/** The access token that the fake identity knows a person by. */
export const tokenOf = (user: UserId): string => `token.${user}`

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()))
})

export const startGateway = async (change: Change = {}) => {
  const surroundings = change.world ?? world()
  const clock = { time: Date.UTC(2026, 0, 1) }
  const ended = new Set<SessionId>()
  const listeners: ((session: SessionId, user: UserId) => void)[] = []
  const orders: Order[] = []
  const logged: { level: string; fields: object; text: string }[] = []
  const now = () => clock.time
  const at = <T>(value: T) => Promise.resolve({ position: surroundings.modelAt, value })
  const persons: readonly Person[] = Object.values(people)
  const person = (user: UserId) => persons.find(({ id }) => id === user)
  const bus = change.bus ?? (async (order) => accepted(order.command.id))

  const parts: GatewayParts = {
    sockets: openSockets('auto'),
    live: surroundings.live,
    liveAfter: 0,
    goodbye: 0,
    published: () => surroundings.toldUpTo,
    now,
    ids: ulids(now, (into) => into.fill(7)),
    logId: 'log-1',
    settings: { allowedOrigins: [], limits: false, trustProxy: false },
    log: {
      info: (fields, text) => logged.push({ level: 'info', fields, text }),
      warn: (fields, text) => logged.push({ level: 'warn', fields, text }),
      error: (fields, text) => logged.push({ level: 'error', fields, text }),
    },
    reached: async (_, position) => {
      surroundings.advance()
      return surroundings.modelAt >= position
    },
    metrics: async () => '# HELP a b\n',
    ready: async () => ({ ready: true, parts: { log: 'live' } }),
    ...change,
    bus: {
      send: (order) => {
        orders.push(order)
        return bus(order)
      },
    },
    identity: { ...fakeIdentity(ended, listeners), ...change.identity },
    timelines: { ...emptyTimelines(at), ...surroundings.timelines, ...change.timelines },
    socialGraph: {
      me: (user) => at(person(user)),
      person: (user) => at(person(user)),
      people: (users) => at(users.flatMap((user) => person(user) ?? [])),
      friends: () => at([]),
      requests: () => at({ incoming: [], outgoing: [] }),
      blocked: () => at([]),
      conversation: () => at(undefined),
      preferences: () => at({ ...noPreferences }),
      ...change.socialGraph,
    },
    people: fakeSearch(persons, at),
  }
  const running = gateway(parts)
  const port = await running.listen('127.0.0.1', 0)
  let stopped: Promise<void> | undefined
  const stop = () => {
    stopped ??= running.stop()
    return stopped
  }
  stops.push(stop)
  return {
    port,
    base: `http://127.0.0.1:${port}`,
    world: surroundings,
    orders,
    logged,
    clock,
    stop,
    gateway: running,
    end(user: UserId) {
      ended.add(sessionOf(user))
      for (const listener of listeners) listener(sessionOf(user), user)
    },
    /** The session has ended, but the news of it got lost. */
    endSilently: (user: UserId) => void ended.add(sessionOf(user)),
  }
}

export const accepted = (id: Ulid): Answer => ({ kind: 'accepted', id, revision: 1, position: '1' })

const noPreferences: Preferences = {
  hidePresence: false,
  contact: 'everyone',
  doNotDisturb: false,
  hideContent: false,
  conversations: {},
}

const fakeIdentity = (
  ended: Set<SessionId>,
  listeners: ((session: SessionId, user: UserId) => void)[],
): GatewayIdentity => ({
  byProvider: {
    providers: [],
    begin: async () => undefined,
    finish: async () => undefined,
    linkedTo: async () => [],
    unlink: async () => undefined,
  },
  register: async ({ handle, name }) => ({ ...signedIn, user: { id: people.ada.id, handle, name } }),
  login: async ({ password }) =>
    password === 'right password' ? signedIn : { kind: 'denied', reason: 'wrong-credentials' },
  refresh: async (refreshToken) =>
    refreshToken === 'refresh-1'
      ? { ...signedIn, kind: 'refreshed', user: people.ada.id, refreshToken: 'refresh-2' }
      : { kind: 'denied', reason: 'not-signed-in' },
  logout: async () => ({ kind: 'signed-out' }),
  async verify(token) {
    const user = persons().find((id) => tokenOf(id) === token)
    const claims: Claims | undefined = user && { user, session: sessionOf(user) }
    return claims && !ended.has(claims.session) ? claims : undefined
  },
  hasEnded: (session) => ended.has(session),
  sessions: async () => [],
  endSession: async (of, session) => of.session === session,
  onEnded: (listener) => void listeners.push(listener),
})
const persons = (): UserId[] => Object.values(people).map(({ id }) => id)
const signedIn = {
  kind: 'signed-in',
  user: people.ada,
  session: adasSession,
  accessToken: tokenOf(people.ada.id),
  expiresIn: 600,
  refreshToken: 'refresh-1',
} as const

type AtNow = <T>(value: T) => Promise<{ position: number; value: T }>

const emptyTimelines = (at: AtNow): GatewayTimelines => ({
  memberships: () => at([]),
  conversations: () => at({ conversations: [], more: false }),
  conversation: () => at(undefined),
  messages: () => at(undefined),
  edits: () => at(undefined),
  readers: () => at(undefined),
  events: () => at(undefined),
  backlog: () => at([]),
})

const fakeSearch = (known: readonly Person[], at: AtNow): PeopleSearch => ({
  find: (query) => at(query === '' ? [] : known.filter(({ handle }) => handle === query).map(({ id }) => id)),
})
