import {
  accountStream,
  type ConversationId,
  conversationStream,
  directConversation,
  friendshipStream,
  idOf,
  type MessageId,
  preferencesStream,
  type UserId,
} from '@verbatim/protocol'
import type { EventLog } from '@verbatim/services/event-log'
import type { Found, Wanted } from './aggregates.ts'
import type { OldMessage, PersonFact } from './conversation/facts.ts'
import { isMember } from './conversation/state.ts'
import type { Mailboxes } from './mailbox.ts'
import type { MessageFact, MessageFacts } from './port.ts'
import { keyOf, keyOfUser } from './route.ts'
import { durable, type Stream } from './stream.ts'

export type Lookups = {
  /**
   * What a command needs beyond its own stream. `undefined` when meanwhile an append was lost, and everything is to be
   * asked anew. @param room the stream of the conversation that messages and ordinals are asked of
   */
  find(wanted: Wanted, by: UserId, room: Stream | undefined): Promise<Found | undefined>
}

/** Milliseconds for which a read model that did not answer is not asked again. */
const REST = 1_000

export const lookups = (log: EventLog, boxes: Mailboxes, facts: MessageFacts, now: () => number): Lookups => {
  const messageFacts = restingOnFailure(facts, now)
  const exists = (user: UserId): Promise<boolean> =>
    boxes.committed(
      keyOfUser(user),
      accountStream(user),
      (found) => found.category === 'account' && found.state.registered,
    )

  const person = async (user: UserId, by: UserId): Promise<PersonFact> => {
    const pair = directConversation(by, user)
    const [known, friendsOnly, between] = await Promise.all([
      exists(user),
      boxes.committed(
        keyOfUser(user),
        preferencesStream(user),
        (found) => found.category === 'preferences' && found.state.own.contact === 'friends',
      ),
      boxes.committed(keyOf(pair), friendshipStream(pair), (found) =>
        found.category === 'friendship'
          ? { friends: found.state.friends, blocked: found.state.blockers.length > 0 }
          : { friends: false, blocked: false },
      ),
    ])
    return { exists: known, friendsOnly, ...between }
  }

  const people = async (users: readonly UserId[], by: UserId): Promise<Found> => ({
    people: new Map(await Promise.all(users.map(async (user) => [user, await person(user, by)] as const))),
  })

  const membership = async (conversation: ConversationId, by: UserId): Promise<Found> => ({
    member: await boxes.committed(
      keyOf(conversation),
      conversationStream(conversation),
      (found) => found.category === 'conversation' && isMember(found.state, by),
    ),
  })

  const messages = async (ids: readonly MessageId[], room: Stream): Promise<Found> => {
    const conversation = idOf(room.name) as ConversationId
    const facts = await Promise.all(ids.map((id) => messageFacts.messageFact(conversation, id, room.position)))
    return { messages: new Map(facts.flatMap((fact) => (fact ? [[fact.message, oldMessage(fact)] as const] : []))) }
  }

  return {
    async find(wanted, by, room) {
      // The model and the log are asked about what is written, so nothing of the conversation may be under way.
      // It stays so: the mailbox decides nothing until this is answered.
      if (room && (wanted.messages || wanted.ordinal !== undefined) && !(await durable(room))) return undefined
      const found = await Promise.all([
        wanted.account && exists(wanted.account).then((known): Found => ({ exists: known })),
        wanted.people && people(wanted.people, by),
        wanted.membership && membership(wanted.membership, by),
        wanted.messages && room && messages(wanted.messages, room),
        wanted.ordinal !== undefined && room && ordinal(log, room, wanted.ordinal),
        wanted.forwarded && isReadable(log, messageFacts, by, wanted.forwarded),
      ])
      return Object.assign({}, ...found) as Found
    },
  }
}

/** Its conversation waits for every answer: one that is long in coming must not be waited for time and again. */
const restingOnFailure = (facts: MessageFacts, now: () => number): MessageFacts => {
  let failedAt = Number.NEGATIVE_INFINITY
  const asking = async <T>(ask: () => Promise<T>): Promise<T> => {
    if (Math.abs(now() - failedAt) < REST) throw new Error('the read model of messages has just failed to answer')
    try {
      return await ask()
    } catch (error) {
      failedAt = now()
      throw error
    }
  }
  return {
    messageFact: (conversation, message, notBefore) =>
      asking(() => facts.messageFact(conversation, message, notBefore)),
    isReadable: (user, message, notBefore) => asking(() => facts.isReadable(user, message, notBefore)),
  }
}

/** What the asker has on his screen is in the log already: the model has to have come as far. */
const isReadable = async (log: EventLog, facts: MessageFacts, by: UserId, message: MessageId): Promise<Found> => ({
  forwardable: await facts.isReadable(by, message, await log.head()),
})

const STEP = 100

/** Of the last message at or before `revision`, read backwards from the log. */
const ordinal = async (log: EventLog, room: Stream, revision: number): Promise<Found> => {
  for (let end = revision; end >= 0; end -= STEP) {
    const from = Math.max(0, end - STEP + 1)
    const page = await log.read(room.name, from, end - from + 1)
    for (const { type, json } of page.reverse())
      if (type === 'MessageSent' || type === 'MemberAdded') return { n: (JSON.parse(json) as { n: number }).n }
  }
  return { n: 0 }
}

const oldMessage = ({ sender, revision, deleted, body, reactions }: MessageFact): OldMessage => ({
  sender,
  revision,
  ...(deleted && { deleted }),
  body,
  ...(body?.replyTo !== undefined && { replyTo: body.replyTo }),
  ...(body?.forwardedFrom !== undefined && { forwardedFrom: body.forwardedFrom }),
  reactions: new Map(reactions.map(({ emoji, users }) => [emoji, new Set(users)])),
})
