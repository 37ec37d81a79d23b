import type {
  ConversationEventType,
  ConversationId,
  ConversationSummary,
  DataOf,
  EventId,
  MessagesPage,
  MessageView,
  Notice,
  PublicEvent,
  UserId,
} from '@verbatim/protocol'
import { ada, bob, cleo, idAt, noon, tea } from '@verbatim/protocol/examples'

type Happening<Type extends ConversationEventType> = { type: Type; data: DataOf<Type> }

/**
 * A conversation as the contract describes it, in memory: a log, and reads that fold the whole of it each time. It
 * shares no code with the client's reducers, which are held against it.
 */
export const fakeConversation = (members: readonly UserId[] = [ada, bob, cleo]) => {
  const log: PublicEvent[] = []
  const happen = <Type extends ConversationEventType>(actor: UserId, happening: Happening<Type>): PublicEvent<Type> => {
    const revision = log.length
    const event = {
      ...happening,
      revision,
      id: `event-${revision}` as EventId,
      actor,
      at: new Date(noon + revision * 1_000).toISOString(),
    } as PublicEvent<Type>
    log.push(event as PublicEvent)
    return event
  }
  happen(ada, {
    type: 'GroupStarted',
    data: { conversation: tea, name: 'Tea', members: [...members], history: 'whole' },
  })

  return {
    id: tea,
    log,
    happen,
    send: (actor: UserId, text: string, replyTo?: MessageView['id']): PublicEvent<'MessageSent'> => {
      const n = log.filter(({ type }) => type === 'MessageSent').length + 1
      const body = { text, ...(replyTo !== undefined && { replyTo }) }
      return happen(actor, { type: 'MessageSent', data: { message: idAt(1_000 + log.length), n, body } })
    },
    head: (): number => log.length - 1,
    /** What a page says when the read model has reached `upTo`. */
    page: (window: { before?: number; after?: number; limit: number }, upTo = log.length - 1): MessagesPage => {
      const known = log.slice(0, upTo + 1)
      const all = messagesOf(known)
      const { before = Number.POSITIVE_INFINITY, after, limit } = window
      const wanted = all.filter(({ revision }) => revision < before && revision > (after ?? -1))
      const messages = after === undefined ? wanted.slice(-limit) : wanted.slice(0, limit)
      const more = wanted.length > messages.length
      const first = more && after === undefined ? (messages[0]?.revision ?? 0) : (after ?? -1)
      const last = more && after !== undefined ? (messages.at(-1)?.revision ?? 0) : before
      return { messages, notices: noticesOf(known).filter((one) => one.revision > first && one.revision < last), more }
    },
    summary: (me: UserId, readUpTo: number, upTo = log.length - 1): ConversationSummary => {
      const known = log.slice(0, upTo + 1)
      const all = messagesOf(known)
      const mine = all.findLast(({ sender }) => sender === me)?.revision ?? -1
      const read = Math.max(readUpTo, mine)
      const renamed = known.findLast(({ type }) => type === 'GroupRenamed')
      const last = all.at(-1)
      return {
        id: tea as ConversationId,
        kind: 'group',
        name: renamed?.type === 'GroupRenamed' ? renamed.data.name : 'Tea',
        revision: upTo,
        readUpTo: read,
        unread: all.filter(({ revision }) => revision > read).length,
        ...(last && { last }),
      }
    },
  }
}

const messagesOf = (log: readonly PublicEvent[]): MessageView[] =>
  log.flatMap((event): MessageView[] => {
    if (event.type !== 'MessageSent') return []
    const { message } = event.data
    const about = log.filter((other) => 'message' in other.data && other.data.message === message)
    const ending = about.findLast(({ type }) => type === 'MessageDeleted' || type === 'MessageRestored')
    const deleted = ending?.type === 'MessageDeleted'
    const spoken = about.filter(({ type }) => type === 'MessageSent' || type === 'MessageEdited').at(-1)
    const edit = about.findLast(({ type }) => type === 'MessageEdited')
    const said = spoken && 'body' in spoken.data ? spoken.data.body : null
    return [
      {
        id: message,
        revision: event.revision,
        sender: event.actor,
        sentAt: event.at,
        body: deleted ? null : said,
        reactions: reactionsOf(about),
        ...(edit && { edited: edit.at }),
        ...(deleted && { deleted: true as const }),
        ...(!deleted && event.data.body?.replyTo && { replyTo: event.data.body.replyTo }),
      },
    ]
  })

/** Each emoji stands where it was first used since it was last gone. */
const reactionsOf = (about: readonly PublicEvent[]): MessageView['reactions'] => {
  const order: string[] = []
  const users = new Map<string, UserId[]>()
  for (const event of about) {
    if (event.type !== 'ReactionAdded' && event.type !== 'ReactionRemoved') continue
    const { emoji } = event.data
    const others = (users.get(emoji) ?? []).filter((user) => user !== event.actor)
    const known = users.get(emoji)?.includes(event.actor) === true
    if (event.type === 'ReactionRemoved') users.set(emoji, others)
    else if (!known) users.set(emoji, [...others, event.actor])
    if (users.get(emoji)?.length === 0) order.splice(order.indexOf(emoji), order.includes(emoji) ? 1 : 0)
    else if (!order.includes(emoji)) order.push(emoji)
  }
  return order.map((emoji) => ({ emoji, users: users.get(emoji) ?? [] }))
}

const noticesOf = (log: readonly PublicEvent[]): Notice[] =>
  log.filter(({ type }) => /^(Group|Member|Role)/.test(type)).map(({ id: _, ...told }) => told as Notice)
