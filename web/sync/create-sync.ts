import type {
  Answer,
  Command,
  CommandType,
  ConversationId,
  Person,
  PublicEvent,
  Reason,
  ServerFrame,
} from '@verbatim/protocol'
import { groupId, ulids } from '@verbatim/protocol/ids'
import { createSignal } from 'solid-js'
import { type Browser, thisBrowser } from '../connection/browser.ts'
import { createConnection } from '../connection/connection.ts'
import { createConversations } from '../conversations/create-conversations.ts'
import { isJoining, knows, leaves } from '../conversations/summaries.ts'
import { createOutbox } from '../outbox/outbox.ts'
import type { QueuedCommand } from '../outbox/queue.ts'
import type { OutboxStore } from '../outbox/store.ts'
import { createPeople } from '../people/create-people.ts'
import { isFriendshipEvent } from '../people/social.ts'
import type { Session } from '../session/session.ts'
import { createReads } from '../shell/reads.ts'
import { createTimelines } from '../timeline/create-timelines.ts'
import type { Happened } from '../timeline/timeline.ts'

export type Sync = ReturnType<typeof createSync>

export interface SyncPorts {
  readonly session: Pick<Session, 'api' | 'token' | 'renew' | 'ended'>
  readonly me: Person
  /** Where what is not answered waits. */
  readonly store: Promise<OutboxStore>
  readonly browser?: Browser
  /** An act that is not a message was refused for good. */
  readonly onRefused: (command: QueuedCommand, reason: Reason) => void
}

/** The fields of a command without its id, which is minted here. */
type Drafts = { [T in CommandType]: Omit<Command<T>, 'id'> }
export type QueuedDraft = Drafts[QueuedCommand['type']]
export type ActDraft = Drafts[Exclude<CommandType, QueuedCommand['type']>]

const AGAIN_AFTER = 2_000

/** Events about the user himself that put a conversation into his list. */
const joins = new Set<string>(['DirectOpened', 'GroupStarted', 'MemberAdded'])

/** What a window knows, kept true: hands each frame to those it concerns, and what the person does to the server. */
export const createSync = ({ session, me, store, browser = thisBrowser, onRefused }: SyncPorts) => {
  const mint = ulids(browser.now, browser.random)
  const { api } = session
  const people = createPeople(api, me)
  const timelines = createTimelines(api)
  const conversations = createConversations({ api, people, me, lately: timelines.lately })
  const reads = createReads()
  let log: string | undefined
  /** As the last `ready` told them: live events go on from there. */
  let heads: ReadonlyMap<ConversationId, number> = new Map()
  /** As the last `hello` asked for them. */
  let resumed: Record<string, number> = {}
  /** The socket told of them and the list, which may be behind, has not. */
  const told = new Set<ConversationId>()
  let cancel = (): void => undefined
  /** The last message of somebody else, for the live region and the title. */
  const [arrived, setArrived] = createSignal<{ conversation: ConversationId; event: PublicEvent<'MessageSent'> }>()

  const connection = createConnection(
    {
      token: session.token,
      renew: session.renew,
      resume: () => {
        resumed = Object.fromEntries(timelines.held().map((id) => [id, timelines.seen(id)]))
        return resumed
      },
      onFrame: (frame) => hear(frame),
      onReady: () => outbox.drain(),
      onEnded: session.ended,
    },
    browser,
  )
  const outbox = createOutbox({
    user: me.id,
    store,
    connection,
    browser,
    onAccepted: ({ position }) => api.reached(position),
    onRefused,
  })
  void outbox.refresh()

  const hear = (frame: ServerFrame): void => {
    switch (frame.type) {
      case 'ready':
        begin(frame)
        return
      case 'events':
        if ('user' in frame) hearOfUser(frame)
        else if ('reset' in frame) reset(frame)
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
    if (log !== ready.log) api.startAfresh()
    log = ready.log
    told.clear()
    heads = new Map(ready.conversations.map(({ id, revision }) => [id, revision]))
    for (const id of timelines.held()) {
      if (!heads.has(id)) end(id)
      // Opened after `hello`: nobody will tell what it lacks.
      else if (!(id in resumed)) timelines.drop(id)
    }
    // Who was removed and added again while he was away hears of neither.
    for (const id of heads.keys()) conversations.back(id)
    timelines.begin(ready.conversations)
    // Live events go on from these heads: a page that is older would leave a hole.
    api.reached(ready.position)
    refresh()
  }

  const refresh = (): void => {
    Promise.all([conversations.refresh(), people.refresh()])
      .then(
        () => [...told].every((conversation) => isListed(conversation) && told.delete(conversation)),
        () => false,
      )
      .then((isWhole) => {
        cancel()
        // Without a connection the next `ready` reads again; with one the read model was only slow.
        if (!isWhole && connection.state().kind === 'ready') cancel = browser.after(AGAIN_AFTER, refresh)
      })
  }
  const isListed = (conversation: ConversationId): boolean =>
    knows(conversations.list(), conversation) || conversations.gone(conversation) !== undefined

  const hearEvents = (conversation: ConversationId, events: readonly PublicEvent[]): void =>
    apply(
      conversation,
      timelines.receive(conversation, events, (late) => apply(conversation, late)),
    )

  const apply = (conversation: ConversationId, fresh: readonly PublicEvent[]): void => {
    for (const event of fresh) {
      conversations.apply(conversation, event)
      if (event.type === 'MessageSent' && event.actor !== me.id) {
        setArrived({ conversation, event })
        // Who writes has read what stands before.
        reads.mark(conversation, event.actor, event.revision)
      }
    }
    // Of a backlog only the last counts: who was away may have been removed and added again in it.
    const own = (fresh as readonly Happened[]).findLast((event) => leaves(event, me.id) || isJoining(event, me.id))
    if (own && leaves(own, me.id)) end(conversation)
    else if (own) conversations.back(conversation)
    if (fresh.length === 0) return
    outbox.reached(conversation, timelines.seen(conversation))
    if (isListed(conversation)) return
    told.add(conversation)
    refresh()
  }

  const hearOfUser = ({ position, events }: Extract<ServerFrame, { user: true }>): void => {
    api.reached(position)
    for (const event of events)
      if (isFriendshipEvent(event)) people.apply(event)
      else if (event.type === 'ProfileChanged') {
        const { user, name } = event.data
        const known = people.get(user)
        if (known && name !== undefined) people.learn([{ ...known, name }])
      } else if (joins.has(event.type)) refresh()
  }

  const reset = ({ conversation, position }: { conversation: ConversationId; position?: string }): void => {
    if (position !== undefined) api.reached(position)
    timelines.drop(conversation, heads.get(conversation))
    // What was said since `ready` was not told here.
    timelines.catchUp(conversation, (fresh) => apply(conversation, fresh))
    refresh()
  }

  const end = (conversation: ConversationId): void => {
    conversations.end(conversation)
    timelines.drop(conversation)
  }

  const unreadAfter = (conversation: ConversationId) => (revision: number) =>
    timelines.get(conversation)?.messages.filter((message) => message.revision > revision).length ??
    Number.POSITIVE_INFINITY

  return {
    people,
    timelines,
    conversations,
    reads,
    outbox,
    connection,
    arrived,
    /** The id of a group that is about to be started. */
    mintGroup: (): ConversationId => groupId(mint()),
    /** An act that is drawn at once and sent when it can be. */
    enqueue: (draft: QueuedDraft): void => void outbox.enqueue({ ...draft, id: mint() }),
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
