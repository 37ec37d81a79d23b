import type { ConversationId, ReadersView } from '@verbatim/protocol'
import { createEffect, createMemo, createSignal, on, onCleanup, onMount, Show, untrack } from 'solid-js'
import { Composer } from '../composer/composer.tsx'
import { Refused } from '../session/api.ts'
import { useWindow } from '../shell/context.ts'
import { type Acts, createActs } from '../timeline/create-acts.ts'
import { MessageList } from '../timeline/message-list.tsx'
import { type Shown, shownMessages } from '../timeline/shown.ts'
import { emptyTimeline } from '../timeline/timeline.ts'
import { ConnectionLine } from './connection-line.tsx'
import { ConversationHead } from './conversation-head.tsx'
import styles from './conversation-pane.module.css'
import { Ended, LoadingMessages } from './ended.tsx'

const AGAIN_AFTER = 2_000
/** More unread than this and one begins at the end, with the way back up to read them. */
const MOST_UNREAD = 70

/** One conversation. Made anew for each that is opened. */
export const ConversationPane = (props: { conversation: ConversationId }) => {
  const { messenger, router } = useWindow()
  const { conversations, timelines, outbox, me } = messenger
  const conversation = untrack(() => props.conversation)
  const acts = createActs(conversation)
  const [missing, setMissing] = createSignal(false)
  const [divideAfter, setDivideAfter] = createSignal<number>()

  const timeline = createMemo(() => timelines.get(conversation))
  const ended = () => missing() || conversations.gone(conversation) !== undefined
  const mine = createMemo(() => outbox.queue().filter(({ command }) => command.conversation === conversation))
  const messages = createMemo(() => shownMessages(timeline()?.messages ?? [], mine(), me.id))

  let again: ReturnType<typeof setTimeout> | undefined
  onCleanup(() => clearTimeout(again))
  const load = async (): Promise<void> => {
    clearTimeout(again)
    const summary = conversations.summary(conversation)
    const unread = summary?.unread ?? 0
    if (summary && unread > 0) setDivideAfter(summary.readUpTo)
    try {
      await Promise.all([
        timelines.get(conversation) ? undefined : timelines.latest(conversation, Math.min(unread, MOST_UNREAD)),
        conversations.readDetails(conversation),
      ])
    } catch (cause) {
      if (cause instanceof Refused && cause.reason === 'not-found') setMissing(true)
      else again = setTimeout(() => void load(), AGAIN_AFTER)
    }
  }

  onMount(() => {
    // A window that is held is shown at once; what the conversation is may have changed while nobody looked.
    if (timelines.get(conversation)) void load()
  })
  // Also when the connection comes back: what one has just sent would else be gone until the next try.
  const ready = createMemo(() => messenger.connection.state().kind === 'ready')
  createEffect(() => {
    ready()
    if (conversations.loaded() && !timeline() && !ended()) untrack(() => void load())
  })

  createEffect(() => {
    const { message } = router.route()
    if (message === undefined || !timeline()) return
    untrack(() => {
      router.arrived()
      acts.jump(message)
    })
  })

  // Who has read one's last words is asked once, of the words that were there; from then on the socket tells.
  const isThere = createMemo(() => timeline() !== undefined)
  createEffect(
    on(isThere, () => {
      const message = timeline()?.messages.findLast(({ sender }) => sender === me.id)?.id
      if (message === undefined) return
      messenger.api
        .get<ReadersView>(`/api/conversations/${conversation}/messages/${message}/readers`)
        .then(({ readers }) => {
          for (const { user, revision } of readers)
            if (user !== me.id) messenger.reads.mark(conversation, user, revision)
        })
        .catch(() => undefined)
    }),
  )

  return (
    <Show when={!ended()} fallback={<Ended conversation={conversation} />}>
      <ConversationHead conversation={conversation} />
      <ConnectionLine />
      <Show when={timeline()} fallback={<Loading acts={acts} messages={messages()} />}>
        {(shown) => (
          <Show
            when={messages().length + shown().notices.length > 0}
            fallback={<p class={styles.silence}>Nothing said yet.</p>}
          >
            <MessageList acts={acts} timeline={shown()} messages={messages()} divideAfter={divideAfter()} />
          </Show>
        )}
      </Show>
      <Composer acts={acts} messages={messages()} />
    </Show>
  )
}

/** Until the messages are there, one's own that wait to be sent are not hidden. */
const Loading = (props: { acts: Acts; messages: readonly Shown[] }) => (
  <>
    <LoadingMessages />
    <Show when={props.messages.length > 0}>
      <div class={styles.waiting}>
        <MessageList acts={props.acts} timeline={emptyTimeline(-1)} messages={props.messages} divideAfter={undefined} />
      </div>
    </Show>
  </>
)
