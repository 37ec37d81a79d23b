import { type ConversationId, conversationTopic, type Topic } from '@verbatim/protocol'
import type { LiveMessage } from '@verbatim/services/live'
import type { Connection } from '../session/connection.ts'
import type { Outbox } from '../session/outbox.ts'

/**
 * Who listens to which conversation on this gateway. A subscription of uWebSockets.js makes a frame for hundreds cost
 * little, but each takes more memory than all the rest of an idle socket. So a conversation's listeners are a plain list,
 * and are subscribed only while something is said in it. A few are told one by one, and never subscribed: what is said
 * to them in a turn then leaves with the answers in one write, which published frames do not.
 */
export interface Audiences {
  /** From the next frame on. Repeats change nothing. */
  join(connection: Connection, conversation: ConversationId): void
  /** What was published before still goes out, nothing later. */
  leave(connection: Connection, conversation: ConversationId): void
  /** It has closed. */
  gone(connection: Connection): void
  /** @param instead who of them gets another frame, and which */
  publish(conversation: ConversationId, frame: string, instead?: Instead): void
  /** Ends the subscriptions of conversations in which nothing was published since the last time. */
  cool(): void
}

type Instead = NonNullable<Extract<LiveMessage, { kind: 'conversation' }>['instead']>

export type Audience = {
  readonly conversation: ConversationId
  readonly topic: Topic
  listeners: Connection[]
  /** Its listeners are subscribed. */
  hot: boolean
  used: boolean
}

/** Listeners up to whom each is told by himself. */
const FEW = 8

export type AudiencesParts = {
  /** To all who are subscribed to the topic. */
  publish(topic: Topic, frame: string): void
  readonly outbox: Outbox
  /** Hears of each frame how many it was told. */
  told?(listeners: number): void
  readonly few?: number
}

export const audiences = ({ publish, outbox, told, few = FEW }: AudiencesParts): Audiences => {
  const all = new Map<ConversationId, Audience>()
  const hot = new Set<Audience>()

  const heat = (audience: Audience): void => {
    // What was said to them one by one must not be overtaken by what is published.
    outbox.flush()
    audience.hot = true
    hot.add(audience)
    for (const { socket } of audience.listeners) socket?.subscribe(audience.topic)
  }
  const chill = (audience: Audience): void => {
    audience.hot = false
    hot.delete(audience)
    for (const { socket } of audience.listeners) socket?.unsubscribe(audience.topic)
  }
  const forget = (connection: Connection, audience: Audience): void => {
    take(audience.listeners, connection)
    if (audience.listeners.length > 0) return
    all.delete(audience.conversation)
    hot.delete(audience)
  }
  const publishTo = (audience: Audience, frame: string, instead: Instead | undefined): void => {
    audience.used = true
    if (!audience.hot) heat(audience)
    const apart = instead ? audience.listeners.filter((each) => isOneOf(each, instead)) : []
    // All in one turn: they miss this one frame of the topic and no other.
    for (const { socket } of apart) socket?.unsubscribe(audience.topic)
    publish(audience.topic, frame)
    for (const each of apart) {
      if (instead) each.send(instead.frame)
      each.socket?.subscribe(audience.topic)
    }
  }
  return {
    join(connection, conversation) {
      const audience = all.get(conversation) ?? empty(conversation)
      if (connection.audiences.includes(audience)) return
      all.set(conversation, audience)
      audience.listeners.push(connection)
      connection.audiences.push(audience)
      if (audience.hot) connection.socket?.subscribe(audience.topic)
    },
    leave(connection, conversation) {
      const audience = all.get(conversation)
      if (!audience || !take(connection.audiences, audience)) return
      if (audience.hot) connection.socket?.unsubscribe(audience.topic)
      forget(connection, audience)
    },
    gone(connection) {
      const left = connection.audiences
      connection.audiences = []
      for (const audience of left) forget(connection, audience)
    },
    publish(conversation, frame, instead) {
      const audience = all.get(conversation)
      if (!audience) return
      told?.(audience.listeners.length)
      if (audience.hot || audience.listeners.length > few) return publishTo(audience, frame, instead)
      for (const each of audience.listeners) outbox.say(each, instead && isOneOf(each, instead) ? instead.frame : frame)
    },
    cool() {
      for (const audience of hot) {
        if (!audience.used) chill(audience)
        audience.used = false
      }
    },
  }
}

const isOneOf = ({ claims }: Connection, { users }: Instead): boolean =>
  claims !== undefined && users.includes(claims.user)

const empty = (conversation: ConversationId): Audience => ({
  conversation,
  topic: conversationTopic(conversation),
  listeners: [],
  hot: false,
  used: false,
})

/** The order of a list does not matter: the last takes the place of the one that goes. */
const take = <T>(list: T[], one: T): boolean => {
  const at = list.indexOf(one)
  const last = list.pop()
  if (at === -1) {
    if (last !== undefined) list.push(last)
    return false
  }
  if (last !== undefined && at < list.length) list[at] = last
  return true
}
