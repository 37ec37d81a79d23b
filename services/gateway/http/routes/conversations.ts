import type { At, ConversationRow, MessagesWindow } from '@verbatim/projections/timelines'
import {
  type ConversationDetails,
  type ConversationId,
  type ConversationSummary,
  type ConversationsPage,
  isConversationId,
  isUlid,
  limits,
  type MessageId,
  type Person,
  type UserId,
} from '@verbatim/protocol'
import { cursor, limit, MalformedQuery, revision, time } from '../query.ts'
import { notFound, read } from '../replies.ts'
import { type Reply, type SignedIn, smallest } from '../route.ts'
import type { RouteParts } from '../routes.ts'

/** What members read. Whether one is a member, the model asks in the transaction that reads. */
export const conversations = ({ timelines, socialGraph }: RouteParts) => ({
  async list({ claims, query }: SignedIn): Promise<Reply> {
    const before = cursor(query, 'before')
    const page = { limit: limit(query, limits.conversationsPage), ...(before !== undefined && { before }) }
    const { position, value } = await timelines.conversations(claims.user, page)
    const { conversations: rows, ...rest } = value
    const peers = await socialGraph.people(rows.flatMap(({ peer }) => (peer ? [peer] : [])))
    const named = new Map(peers.value.map((person) => [person.id, person]))
    const answer: ConversationsPage = { conversations: rows.map((row) => summary(row, named)), ...rest }
    return read(smallest(position, peers.position), answer)
  },

  async details(asked: SignedIn): Promise<Reply> {
    const { user, conversation } = whose(asked)
    if (!conversation) return notFound
    const [row, group] = await Promise.all([
      timelines.conversation(user, conversation),
      socialGraph.conversation(user, conversation),
    ])
    // Both are asked: a member in one model only has just joined, or has just gone.
    if (!row.value || !group.value) return notFound
    const { revision: head, pins } = row.value
    const { id, kind, members, history } = group.value
    const name = kind === 'group' ? group.value.name : (members.find((member) => member.id !== user)?.name ?? null)
    const answer: ConversationDetails = { id, kind, name, revision: head, history, members, emojis: [], pins }
    return read(smallest(row.position, group.position), answer)
  },

  async messages(asked: SignedIn): Promise<Reply> {
    const { user, conversation } = whose(asked)
    const window = windowOf(asked.query)
    return conversation ? page(await timelines.messages(user, conversation, window)) : notFound
  },

  async events(asked: SignedIn): Promise<Reply> {
    const { user, conversation } = whose(asked)
    const part = { after: revision(asked.query, 'after') ?? -1, limit: limit(asked.query, limits.eventsPage) }
    return conversation ? page(await timelines.events(user, conversation, part)) : notFound
  },

  async edits(asked: SignedIn): Promise<Reply> {
    const { user, conversation, message } = whose(asked)
    return conversation && message ? page(await timelines.edits(user, conversation, message)) : notFound
  },

  async readers(asked: SignedIn): Promise<Reply> {
    const { user, conversation, message } = whose(asked)
    return conversation && message ? page(await timelines.readers(user, conversation, message)) : notFound
  },
})

const page = <T>({ position, value }: At<T | undefined>): Reply =>
  value === undefined ? notFound : read(position, value)

/** An id of the wrong form is nobody's, and told like one that is not there. */
const whose = ({ claims, param }: SignedIn): { user: UserId; conversation?: ConversationId; message?: MessageId } => {
  const [conversation, message] = [param('id'), param('message')]
  return {
    user: claims.user,
    ...(isConversationId(conversation) && { conversation }),
    ...(isUlid(message) && { message }),
  }
}

const windowOf = (query: URLSearchParams): MessagesWindow => {
  const size = { limit: limit(query, limits.page) }
  const [before, after, around, at] = [
    revision(query, 'before'),
    revision(query, 'after'),
    revision(query, 'around'),
    time(query, 'at'),
  ]
  if ([before, after, around, at].filter((each) => each !== undefined).length > 1)
    throw new MalformedQuery('one of before, after, around and at')
  if (after !== undefined) return { ...size, after }
  if (around !== undefined) return { ...size, around }
  if (at !== undefined) return { ...size, at }
  return before === undefined ? size : { ...size, before }
}

/** A direct conversation is named after the other one. */
const summary = (
  { id, kind, name, peer, revision: head, readUpTo, unread, last }: ConversationRow,
  named: ReadonlyMap<UserId, Person>,
): ConversationSummary => {
  const person = peer && named.get(peer)
  return {
    id,
    kind,
    name: kind === 'group' ? name : (person?.name ?? null),
    ...(person && { peer: person }),
    revision: head,
    readUpTo,
    unread,
    ...(last && { last }),
  }
}
