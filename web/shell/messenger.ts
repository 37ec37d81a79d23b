import type { Answer, Command, CommandType, ConversationId, Person, PublicEvent, ServerFrame } from '@verbatim/protocol'
import { groupId, ulids } from '@verbatim/protocol/ids'
import { createEffect, createMemo, createSignal, on } from 'solid-js'
import { createDrafts } from '../composer/drafts.ts'
import { createConnection } from '../connection/connection.ts'
import { createConversations } from '../conversations/create-conversations.ts'
import { knows, leaves, withPending } from '../conversations/summaries.ts'
import { createOutbox } from '../outbox/outbox.ts'
import type { QueuedCommand } from '../outbox/queue.ts'
import { openOutboxStore } from '../outbox/store.ts'
import { createToasts } from '../parts/toasts.ts'
import { createPeople } from '../people/create-people.ts'
import { remembered } from '../people/remembered.ts'
import { isFriendshipEvent } from '../people/social.ts'
import type { Session } from '../session/session.ts'
import { createTimelines } from '../timeline/create-timelines.ts'
import { createOriginals } from '../timeline/originals.ts'
import type { Happened } from '../timeline/timeline.ts'
import { createReads } from './reads.ts'
import { sayRefused } from './say.ts'

export type Messenger = ReturnType<typeof createMessenger>

/** The fields of a command without its id, which is minted here. */
type Drafts = { [T in CommandType]: Omit<Command<T>, 'id'> }
type QueuedDraft = Drafts[QueuedCommand['type']]
type ActDraft = Drafts[Exclude<CommandType, QueuedCommand['type']>]

const AGAIN_AFTER = 2_000

/** Events about the user himself that put a conversation into his list. */
const joins = new Set<string>(['DirectOpened', 'GroupStarted', 'MemberAdded'])

/** Everything that a signed-in window knows and does: wires the parts together and hands each frame to those it concerns. */
export const createMessenger = (session: Session, me: Person) => {
  const mint = ulids(Date.now, (into) => crypto.getRandomValues(into))
  const { api } = session
  const toasts = createToasts()
  const people = createPeople(api, me)
  const timelines = createTimelines(api)
  const conversations = createConversations({ api, people, me, lately: timelines.lately })
  const reads = createReads()
  let log: string | undefined
  /** As the last `ready` told them: live events go on from there. */
  let heads: ReadonlyMap<ConversationId, number> = new Map()
  /** The last message of somebody else, for the live region and the title. */
  const [arrived, setArrived] = createSignal<{ conversation: ConversationId; event: PublicEvent<'MessageSent'> }>()

  const connection = createConnection({
    token: session.token,
    renew: session.renew,
    resume: () => Object.fromEntries(timelines.held().map((id) => [id, timelines.seen(id)])),
    onFrame: (frame) => hear(frame),
    onEnded: session.ended,
  })
  const outbox = createOutbox({
    user: me.id,
    store: openOutboxStore(),
    connection,
    onAccepted: ({ position }) => api.reached(position),
    onRefused: (command, reason) => toasts.show({ text: sayRefused(reason, command.type) }),
  })
  void outbox.refresh()

  const hear = (frame: ServerFrame): void => {
    switch (frame.type) {
      case 'ready':
        begin(frame)
        return
      case 'events':
        if ('user' in frame) for (const event of frame.events) hearOfUser(event)
        else if ('reset' in frame) reset(frame.conversation)
        else hearEvents(frame.conversation, frame.events)
        return
      case 'read':
        if (frame.user !== me.id) reads.mark(frame.conversation, frame.user, frame.revision)
        else conversations.read(frame.conversation, frame.revision, unreadAfter(frame.conversation))
        return
      case 'ack':
      case 'refused':
      case 'pong':
      case 'bye':
        return
    }
  }

  const begin = (ready: Extract<ServerFrame, { type: 'ready' }>): void => {
    // Another log under the same address: the server was restored, and nothing that is held here can be trusted.
    if (log !== undefined && log !== ready.log) for (const id of timelines.held()) timelines.drop(id)
    log = ready.log
    heads = new Map(ready.conversations.map(({ id, revision }) => [id, revision]))
    for (const id of timelines.held()) if (!heads.has(id)) end(id)
    timelines.begin(ready.conversations)
    refresh()
  }

  const refresh = (): void => {
    Promise.all([conversations.refresh(), people.refresh()]).catch(() => {
      // Without a connection the next `ready` reads again; with one the read model was only slow.
      if (connection.state().kind === 'ready') setTimeout(refresh, AGAIN_AFTER)
    })
  }

  const hearEvents = (conversation: ConversationId, events: readonly PublicEvent[]): void =>
    apply(
      conversation,
      timelines.receive(conversation, events, (late) => apply(conversation, late)),
    )

  const apply = (conversation: ConversationId, fresh: readonly PublicEvent[]): void => {
    for (const event of fresh) {
      conversations.apply(conversation, event)
      const happened = event as Happened
      if (leaves(happened, me.id)) end(conversation)
      else if (event.type === 'MemberAdded' && event.data.user === me.id) conversations.back(conversation)
      if (event.type === 'MessageSent' && event.actor !== me.id) {
        setArrived({ conversation, event })
        // Who writes has read what stands before.
        reads.mark(conversation, event.actor, event.revision)
      }
    }
    if (fresh.length === 0) return
    outbox.reached(conversation, timelines.seen(conversation))
    if (!knows(conversations.list(), conversation) && conversations.gone(conversation) === undefined) refresh()
  }

  const hearOfUser = (event: Extract<ServerFrame, { user: true }>['events'][number]): void => {
    if (isFriendshipEvent(event)) people.apply(event)
    else if (event.type === 'ProfileChanged') {
      const { user, name } = event.data
      const known = people.get(user)
      if (known && name !== undefined) people.learn([{ ...known, name }])
    } else if (joins.has(event.type)) refresh()
  }

  const reset = (conversation: ConversationId): void => {
    timelines.drop(conversation, heads.get(conversation))
    refresh()
  }

  const end = (conversation: ConversationId): void => {
    conversations.end(conversation)
    timelines.drop(conversation)
  }

  const unreadAfter = (conversation: ConversationId) => (revision: number) =>
    timelines.get(conversation)?.messages.filter((message) => message.revision > revision).length ??
    Number.POSITIVE_INFINITY

  createEffect(
    on(connection.state, ({ kind }) => {
      if (kind === 'ready') outbox.drain()
    }),
  )

  return {
    me,
    session,
    api,
    people,
    timelines,
    conversations,
    /** The list as it is drawn. */
    listed: createMemo(() => withPending(conversations.list(), outbox.queue())),
    reads,
    drafts: createDrafts(me.id),
    originals: createOriginals(api, timelines),
    /** How far above its end each conversation was left, in pixels. */
    places: new Map<ConversationId, number>(),
    outbox,
    connection,
    toasts,
    arrived,
    /** The id of a group that is about to be started. */
    mintGroup: (): ConversationId => groupId(mint()),
    /** An act that is drawn at once and sent when it can be. */
    enqueue: (draft: QueuedDraft): void => {
      if (draft.type === 'DeleteMessage') remembered.addDeleted(me.id, draft.message)
      void outbox.enqueue({ ...draft, id: mint() })
    },
    /** An act that needs its answer now. Throws `Refused`. */
    act: async (draft: ActDraft): Promise<Extract<Answer, { kind: 'accepted' }>> => {
      const answer = await api.post<Extract<Answer, { kind: 'accepted' }>>('/api/commands', { ...draft, id: mint() })
      api.reached(answer.position)
      return answer
    },
    markRead: (conversation: ConversationId, revision: number): void => {
      conversations.read(conversation, revision, unreadAfter(conversation))
      const command = { id: mint(), type: 'MarkRead' as const, conversation, revision }
      // Lost with the connection it is sent again with the next look at the conversation.
      void connection.command(command).catch(() => undefined)
    },
  }
}
