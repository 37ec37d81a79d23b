import type { Timelines } from '@verbatim/projections/timelines'
import { type ConversationId, isConversationId, limits, type Person, type UserId } from '@verbatim/protocol'
import type { Claims } from '@verbatim/services/identity'
import { machineTimers } from '../machine-timers.ts'
import type { GatewayParts } from '../parts.ts'
import { type Connection, HIGH_WATER } from '../session/connection.ts'
import type { Counters } from '../stats.ts'
import { membershipsNow } from './arrivals.ts'
import type { Audiences } from './audiences.ts'
import { partAfter, readyFrame, resetFrame, sizeOf } from './frames.ts'
import type { Ring } from './ring.ts'
import { type ToldParts, toldUpTo } from './told.ts'

export type JoiningParts = Pick<GatewayParts, 'timelines' | 'socialGraph' | 'reached' | 'logId'> &
  ToldParts & {
    readonly ring: Ring
    readonly audiences: Audiences
    readonly counters: Counters
    /** Called in the turn in which the socket begins to get everything. `false`: it may not. */
    admit(connection: Connection, claims: Claims): boolean
  }
export type Resume = Readonly<Record<string, number>>

const TRIES = 5
/** Milliseconds between two looks for an account that was opened a moment ago. */
const GLANCE = 50

/**
 * Makes a signed-in socket live without a hole and without a double: the model's answer, what was published since it,
 * and the subscriptions meet in one synchronous turn. What needs a backlog is left in `connection.resuming`.
 */
export const join = async (
  connection: Connection,
  { claims, resume }: { claims: Claims; resume: Resume },
  parts: JoiningParts,
): Promise<'joined' | 'gone' | 'try-again'> => {
  const { timelines, ring, reached } = parts
  const person = await lookUp(claims, parts)
  if (!person) return 'try-again'
  for (let tries = 0; tries < TRIES; tries++) {
    const memberships = await timelines.memberships(claims.user)
    const isTold = await toldUpTo(memberships.position, parts)
    if (!connection.open) return 'gone'
    if (!isTold) return 'try-again'
    if (!ring.reachesBackTo(memberships.position)) {
      await reached(['timelines'], ring.forgotten, limits.readWait)
      continue
    }
    // From here to the end no turn may pass: what is published in between would reach nobody.
    if (!parts.admit(connection, claims)) return 'gone'
    const heads = membershipsNow(claims.user, memberships, ring)
    connection.socket?.cork(() => enter(connection, { claims, person, heads, resume, known: memberships }, parts))
    return 'joined'
  }
  return 'try-again'
}

type Memberships = Awaited<ReturnType<Timelines['memberships']>>
type Entrance = {
  readonly claims: Claims
  readonly person: Person
  readonly heads: ReadonlyMap<ConversationId, number>
  readonly resume: Resume
  readonly known: Memberships
}

const enter = (
  connection: Connection,
  { claims, person, heads, resume, known }: Entrance,
  parts: JoiningParts,
): void => {
  const { id, handle, name } = person
  const position = Math.max(known.position, parts.ring.latest)
  connection.send(
    readyFrame({
      user: { id, handle, name },
      session: claims.session,
      log: parts.logId,
      time: new Date(parts.now()).toISOString(),
      position: `${position}`,
      conversations: [...heads].map(([id, revision]) => ({ id, revision })),
    }),
  )
  let asked = 0
  for (const [conversation, head] of heads) {
    const seen =
      isConversationId(conversation) && Object.hasOwn(resume, conversation) ? resume[conversation] : undefined
    if (seen !== undefined && seen !== head) {
      const within = ++asked <= limits.resume.conversations
      if (!within || seen > head) {
        parts.counters.resets++
        connection.send(resetFrame(conversation, position))
      } else if (!sendFromRing(connection, { user: id, conversation, seen, known }, parts.ring)) {
        connection.resuming ??= new Map()
        connection.resuming.set(conversation, seen)
        continue
      }
    }
    parts.audiences.join(connection, conversation)
  }
  // A list that grew has room for half as many again; most sockets never use it.
  connection.audiences = connection.audiences.slice()
}

type Missed = {
  readonly user: UserId
  readonly conversation: ConversationId
  readonly seen: number
  readonly known: Memberships
}

/** Who was away for a moment missed only what the model does not have either: no backlog is read for it. */
const sendFromRing = (connection: Connection, missed: Missed, ring: Ring): boolean => {
  const { user, conversation, seen, known } = missed
  const revision = known.value.find((each) => each.conversation === conversation)?.revision
  if (revision === undefined || seen < revision || connection.isLagging) return false
  const frames = ring.framesFor(user, conversation, known.position)
  if (!frames || sizeOf(frames) > HIGH_WATER) return false
  for (const frame of frames) if (frame.last > seen) connection.send(partAfter(frame, seen))
  return true
}

/** Somebody who registered a moment ago may not be in the model yet. */
const lookUp = async ({ user }: Claims, { socialGraph, now, timers }: JoiningParts): Promise<Person | undefined> => {
  const { pause } = timers ?? machineTimers
  for (const until = now() + limits.readWait; ; await pause(GLANCE)) {
    const { value } = await socialGraph.person(user)
    if (value || now() >= until) return value
  }
}
