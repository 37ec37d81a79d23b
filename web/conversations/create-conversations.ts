import type {
  ConversationDetails,
  ConversationId,
  ConversationSummary,
  ConversationsPage,
  Person,
  PublicEvent,
} from '@verbatim/protocol'
import { createSignal } from 'solid-js'
import { applyToDetails, type Details, detailsFrom } from '../details/details.ts'
import type { People } from '../people/create-people.ts'
import type { Api } from '../session/api.ts'
import { applyToSummaries, readUpTo, refreshed, type Summaries } from './summaries.ts'

export interface ConversationsPorts {
  readonly api: Api
  readonly people: People
  readonly me: Person
  /** What the socket told lately of a conversation: a read model may not have it yet. */
  readonly lately: (conversation: ConversationId) => readonly PublicEvent[]
}

export type Conversations = ReturnType<typeof createConversations>

const PAGE = 30

/** The list of conversations and what each of them is. */
export const createConversations = ({ api, people, me, lately }: ConversationsPorts) => {
  const [list, setList] = createSignal<Summaries>([])
  const [loaded, setLoaded] = createSignal(false)
  const [more, setMore] = createSignal<string>()
  const [details, setDetails] = createSignal<ReadonlyMap<ConversationId, Details>>(new Map())
  /** Conversations that ended for us while they were on the screen, with the name that they had. */
  const [gone, setGone] = createSignal<ReadonlyMap<ConversationId, string>>(new Map())
  let reading: Promise<void> | undefined
  let stale = false

  const page = async (before?: string): Promise<ConversationsPage> => {
    const cursor = before === undefined ? '' : `&before=${encodeURIComponent(before)}`
    const answer = await api.get<ConversationsPage>(`/api/conversations?limit=${PAGE}${cursor}`)
    people.learn(answer.conversations.flatMap(({ peer }) => (peer ? [peer] : [])))
    setMore(answer.more ? answer.cursor : undefined)
    return answer
  }

  const readAll = async (): Promise<void> => {
    const rows: ConversationSummary[] = []
    const wanted = list().length
    for (let cursor: string | undefined, first = true; first || (cursor && rows.length < wanted); first = false) {
      const answer = await page(cursor)
      rows.push(...answer.conversations)
      cursor = answer.more ? answer.cursor : undefined
    }
    // The page as the socket left it, before it is held against the list: that may have missed what the page tells.
    const told = rows.reduce<Summaries>(
      (all, { id }) => lately(id).reduce((some, event) => applyToSummaries(some, id, event, me.id), all),
      rows,
    )
    // A page that is behind still has what has ended meanwhile.
    setList((known) =>
      refreshed(
        known,
        told.filter(({ id }) => !gone().has(id)),
      ),
    )
    setLoaded(true)
  }

  /** Reads the list again; asked for while it is being read, once more afterwards. */
  const refresh = (): Promise<void> => {
    if (reading) {
      stale = true
      return reading
    }
    reading = readAll().finally(() => {
      reading = undefined
      if (stale) {
        stale = false
        void refresh().catch(() => {})
      }
    })
    return reading
  }

  return {
    list,
    loaded,
    more: (): boolean => more() !== undefined,
    details: (conversation: ConversationId): Details | undefined => details().get(conversation),
    summary: (conversation: ConversationId): ConversationSummary | undefined =>
      list().find(({ id }) => id === conversation),
    gone: (conversation: ConversationId): string | undefined => gone().get(conversation),
    refresh,
    readMore: async (): Promise<void> => {
      const answer = await page(more())
      setList((known) => {
        const ids = new Set(known.map(({ id }) => id))
        return [...known, ...answer.conversations.filter(({ id }) => !ids.has(id) && !gone().has(id))]
      })
    },
    readDetails: async (conversation: ConversationId): Promise<void> => {
      const answer = await api.get<ConversationDetails>(`/api/conversations/${conversation}`)
      people.learn(answer.members.map(({ role: _, ...person }) => person))
      setDetails((known) => {
        const held = known.get(conversation)
        // The socket may have told more than this read model knew.
        if (held && held.revision > answer.revision) return known
        return new Map(known).set(conversation, lately(conversation).reduce(applyToDetails, detailsFrom(answer)))
      })
    },
    apply: (conversation: ConversationId, event: PublicEvent): void => {
      setList((known) => applyToSummaries(known, conversation, event, me.id))
      const held = details().get(conversation)
      if (held) setDetails((known) => new Map(known).set(conversation, applyToDetails(held, event)))
    },
    read: (conversation: ConversationId, revision: number, unreadAfter: (revision: number) => number): void => {
      setList((known) => readUpTo(known, conversation, revision, unreadAfter))
    },
    end: (conversation: ConversationId): void => {
      const name = list().find(({ id }) => id === conversation)?.name ?? details().get(conversation)?.name ?? ''
      setGone((known) => new Map(known).set(conversation, name))
      setList((known) => known.filter(({ id }) => id !== conversation))
    },
    back: (conversation: ConversationId): void => {
      if (!gone().has(conversation)) return
      setGone((known) => {
        const next = new Map(known)
        next.delete(conversation)
        return next
      })
    },
  }
}
