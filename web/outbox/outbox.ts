import type { Answer, CommandId, ConversationId, Reason, UserId } from '@verbatim/protocol'
import { createSignal, onCleanup } from 'solid-js'
import { type Browser, thisBrowser } from '../connection/browser.ts'
import type { Connection } from '../connection/connection.ts'
import { drain, writeOutcome } from './drain.ts'
import {
  added,
  answered,
  discarded,
  type Item,
  moved,
  type Queue,
  type QueuedCommand,
  retried,
  settled,
} from './queue.ts'
import type { OutboxStore } from './store.ts'

export type Outbox = ReturnType<typeof createOutbox>

export interface OutboxPorts {
  readonly user: UserId
  readonly store: Promise<OutboxStore>
  readonly connection: Connection
  readonly browser?: Browser
  readonly onAccepted: (answer: Extract<Answer, { kind: 'accepted' }>) => void
  /** An act that is not a message was refused for good. */
  readonly onRefused: (command: QueuedCommand, reason: Reason) => void
}

type News = { readonly kind: 'changed' } | { readonly kind: 'answered'; readonly answer: Answer }

/** The person's own acts on their way: drawn at once, written down, sent in order by one tab at a time. */
export const createOutbox = (ports: OutboxPorts) => {
  const { user, store: opening, connection, browser = thisBrowser, onAccepted, onRefused } = ports
  const [queue, setQueue] = createSignal<Queue>([])
  const tabs = browser.tabs(`verbatim-outbox-${user}`)
  let placeholder = PLACEHOLDER
  let draining = false
  let again = false
  let wake = (): void => {}

  /** The store is the truth of what is unanswered; what was sent a moment ago is in this window's memory only. */
  const refresh = async (): Promise<void> => {
    const stored = await (await opening).all(user)
    const ids = new Set(stored.map(({ command }) => command.id))
    setQueue((known) =>
      [
        ...known.filter((item) => !ids.has(item.command.id) && (item.state === 'sent' || item.seq >= PLACEHOLDER)),
        ...stored,
      ].sort((a, b) => a.seq - b.seq),
    )
  }
  tabs.onmessage = ({ data }: MessageEvent<News>) => {
    if (data.kind === 'answered') setQueue((known) => answered(known, data.answer))
    else void refresh().then(start)
  }
  onCleanup(() => tabs.close())

  const settle = async (item: Item, outcome: Item | undefined, answer: Answer): Promise<void> => {
    // The store first: a crash in between resends under the same id, the other order would forget the message.
    await writeOutcome(await opening, user)(item, outcome)
    setQueue((known) => answered(known, answer))
    tabs.postMessage({ kind: 'answered', answer } satisfies News)
    if (answer.kind === 'accepted') onAccepted(answer)
    else if (outcome === undefined) onRefused(item.command, answer.reason)
  }

  const run = async (): Promise<void> => {
    if (draining) {
      again = true
      wake()
      return
    }
    draining = true
    try {
      do {
        again = false
        // The lock is given back when nothing is left or this tab's connection breaks, so a tab without one holds up nobody.
        await browser.alone(`verbatim-outbox-${user}`, async () => {
          if (connection.state().kind !== 'ready') return
          const store = await opening
          await drain({
            load: () => store.all(user),
            send: (item) => connection.command(item.command),
            settle,
            news: () =>
              new Promise((resolve) => {
                wake = resolve
              }),
            pause: (ms) => new Promise((resolve) => browser.after(ms, resolve)),
          })
        })
      } while (again)
    } finally {
      draining = false
    }
  }

  /** A drain that fails (the store went away) is tried again with the next act or connection. */
  const start = (): void => void run().catch(() => undefined)

  const changed = (): void => {
    tabs.postMessage({ kind: 'changed' } satisfies News)
    start()
  }

  return {
    queue,
    refresh,
    /** Call when the connection is ready. */
    drain: start,
    enqueue: async (command: QueuedCommand): Promise<void> => {
      const item = { command, at: new Date(browser.now()).toISOString(), state: 'queued' as const }
      // Drawn before it is written: the person sees the words in the same frame.
      setQueue((known) => added(known, { ...item, seq: placeholder++ }))
      const placed = await (await opening).add(user, item)
      setQueue((known) => moved(known, command.id, placed.seq))
      changed()
    },
    retry: async (id: CommandId): Promise<void> => {
      const store = await opening
      const last = (await store.all(user)).at(-1)?.seq ?? 0
      setQueue((known) => retried(known, id, last + 1))
      const item = queue().find(({ command }) => command.id === id)
      if (item) await store.put(user, item)
      changed()
    },
    discard: async (id: CommandId): Promise<void> => {
      setQueue((known) => discarded(known, id))
      await (await opening).remove(user, id)
      changed()
    },
    /** The timeline of a conversation has reached a revision. */
    reached: (conversation: ConversationId, seen: number): void => {
      setQueue((known) => settled(known, conversation, seen))
    },
    clear: async (): Promise<void> => (await opening).clear(user),
  }
}

/** Places given before the store has given one; all real ones are smaller. */
const PLACEHOLDER = Number.MAX_SAFE_INTEGER / 2
