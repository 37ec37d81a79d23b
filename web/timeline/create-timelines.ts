import type { ConversationId, EventsPage, MessagesPage, PublicEvent } from '@verbatim/protocol'
import { createSignal } from 'solid-js'
import type { Api } from '../session/api.ts'
import { applyEvent } from './apply-event.ts'
import { type Feed, feedFrom, receive } from './feed.ts'
import { fromPage, type Timeline, trimmed, withNewer, withOlder } from './timeline.ts'

export type Timelines = ReturnType<typeof createTimelines>

const FIRST_PAGE = 30
const PAGE = 10
/** Windows longer than this forget their far past while one reads at the end. */
const LONGEST = 400

/** The windows on conversations that are open or were, and the feeds that keep them true. */
export const createTimelines = (api: Api) => {
  const [timelines, setTimelines] = createSignal<ReadonlyMap<ConversationId, Timeline>>(new Map())
  const feeds = new Map<ConversationId, Feed>()
  const closing = new Set<ConversationId>()
  const paging = new Map<string, Promise<void>>()
  /** Times that feeds began anew. */
  let begun = 0

  const put = (conversation: ConversationId, timeline: Timeline | undefined): void => {
    setTimelines((known) => {
      const next = new Map(known)
      if (timeline) next.set(conversation, timeline)
      else next.delete(conversation)
      return next
    })
  }
  const feedOf = (conversation: ConversationId): Feed => feeds.get(conversation) ?? feedFrom(-1)
  const read = (conversation: ConversationId, query: string) =>
    api.get<MessagesPage>(`/api/conversations/${conversation}/messages?${query}`)

  /** One request of a kind at a time: a second page asked for from the same place would stand there twice. */
  const once = (key: string, run: () => Promise<void>): Promise<void> => {
    const running = paging.get(key) ?? run().finally(() => paging.delete(key))
    paging.set(key, running)
    return running
  }

  const load = (conversation: ConversationId, query: string): Promise<void> =>
    once(`${conversation} ${query}`, async () => {
      let page: MessagesPage
      let asked: number
      // A page that was asked for before the feed began anew may lack what came before its beginning.
      do {
        asked = begun
        page = await read(conversation, query)
      } while (asked !== begun)
      const { lately, seen } = feedOf(conversation)
      put(conversation, fromPage(page, lately, seen))
    })

  const take = (conversation: ConversationId, events: readonly PublicEvent[]): readonly PublicEvent[] => {
    const { feed, fresh } = receive(feedOf(conversation), events)
    feeds.set(conversation, feed)
    const timeline = timelines().get(conversation)
    if (timeline && fresh.length > 0) put(conversation, fresh.reduce(applyEvent, timeline))
    return fresh
  }

  return {
    get: (conversation: ConversationId): Timeline | undefined => timelines().get(conversation),
    seen: (conversation: ConversationId): number => feedOf(conversation).seen,
    /** What the socket told lately, to be applied over whatever a read model answers. */
    lately: (conversation: ConversationId): readonly PublicEvent[] => feedOf(conversation).lately,
    /** The newest messages, or enough of them to begin where the reading stopped. */
    latest: (conversation: ConversationId, unread = 0): Promise<void> =>
      load(conversation, `limit=${Math.min(100, FIRST_PAGE + unread)}`),
    around: (conversation: ConversationId, revision: number): Promise<void> =>
      load(conversation, `around=${revision}&limit=${FIRST_PAGE}`),
    older: (conversation: ConversationId): Promise<void> =>
      once(`${conversation} older`, async () => {
        const first = timelines().get(conversation)?.messages[0]
        if (first === undefined) return
        const asked = begun
        const page = await read(conversation, `before=${first.revision}&limit=${PAGE}`)
        const now = timelines().get(conversation)
        // The window may have been replaced while the page was on its way.
        if (asked === begun && now?.messages[0]?.id === first.id)
          put(conversation, withOlder(now, page, feedOf(conversation).lately))
      }),
    newer: (conversation: ConversationId): Promise<void> =>
      once(`${conversation} newer`, async () => {
        const last = timelines().get(conversation)?.messages.at(-1)
        if (last === undefined) return
        const asked = begun
        const page = await read(conversation, `after=${last.revision}&limit=${PAGE}`)
        const now = timelines().get(conversation)
        if (asked === begun && now?.messages.at(-1)?.id === last.id)
          put(conversation, withNewer(now, page, feedOf(conversation).lately))
      }),
    trim: (conversation: ConversationId): void => {
      const timeline = timelines().get(conversation)
      if (timeline && timeline.messages.length > LONGEST) put(conversation, trimmed(timeline, LONGEST / 4))
    },
    /** A delivery of the socket. Returns what is new, in order; closes a gap by asking for the range. */
    receive: (
      conversation: ConversationId,
      events: readonly PublicEvent[],
      onLate: (fresh: readonly PublicEvent[]) => void,
    ): readonly PublicEvent[] => {
      const first = events[0]
      // A conversation that just began for us begins with whatever its first event is.
      if (!feeds.has(conversation) && first) {
        begun++
        feeds.set(conversation, feedFrom(first.revision - 1))
      }
      const fresh = take(conversation, events)
      if (feedOf(conversation).held.length > 0) catchUp(conversation, onLate)
      return fresh
    },
    /** Asks for what came after the last that was received. */
    catchUp,
    /**
     * Heads as `ready` tells them: what is not held starts there, what is held goes on by resume. What is not among them
     * has ended, and begins anew should it come back.
     */
    begin: (heads: readonly { id: ConversationId; revision: number }[]): void => {
      begun++
      const here = new Set(heads.map(({ id }) => id))
      for (const id of feeds.keys()) if (!here.has(id)) feeds.delete(id)
      for (const { id, revision } of heads) if (!timelines().has(id)) feeds.set(id, feedFrom(revision))
    },
    /** The window is no longer to be trusted: it goes, and whoever shows it asks anew. */
    drop: (conversation: ConversationId, head?: number): void => {
      begun++
      if (head === undefined) feeds.delete(conversation)
      else feeds.set(conversation, feedFrom(head))
      put(conversation, undefined)
    },
    held: (): ConversationId[] => [...timelines().keys()],
  }

  function catchUp(conversation: ConversationId, onLate: (fresh: readonly PublicEvent[]) => void): void {
    if (closing.has(conversation)) return
    closing.add(conversation)
    void closeGap(conversation)
      .then(onLate)
      .catch(() => {})
      .finally(() => closing.delete(conversation))
  }

  async function closeGap(conversation: ConversationId): Promise<readonly PublicEvent[]> {
    const fresh: PublicEvent[] = []
    for (let more = true; more; ) {
      const after = feedOf(conversation).seen
      const page = await api.get<EventsPage>(`/api/conversations/${conversation}/events?after=${after}&limit=1000`)
      fresh.push(...take(conversation, page.events))
      more = page.more && feedOf(conversation).held.length > 0 && feedOf(conversation).seen > after
    }
    return fresh
  }
}
