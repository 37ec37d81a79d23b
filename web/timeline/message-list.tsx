import { createEffect, createMemo, createSignal, For, on, onCleanup, onMount, Show } from 'solid-js'
import { Icon } from '../parts/icons.tsx'
import { dayOf } from '../parts/times.ts'
import { useWindow } from '../shell/context.ts'
import { createActive } from './create-active.ts'
import type { Acts } from './create-acts.ts'
import { createReading } from './create-reading.ts'
import { createScrolling } from './create-scrolling.ts'
import { messageKeys } from './message-keys.ts'
import styles from './message-list.module.css'
import { RowView } from './row-view.tsx'
import { rowsOf } from './rows.ts'
import type { Shown } from './shown.ts'
import type { Timeline } from './timeline.ts'

export type MessageListProps = {
  readonly acts: Acts
  readonly timeline: Timeline
  readonly messages: readonly Shown[]
  readonly divideAfter: number | undefined
}

/** Nearer to an edge than this, the next page is asked for. */
const AHEAD = 900

/** The messages, growing upward without moving what one reads. */
export const MessageList = (props: MessageListProps) => {
  const { messenger } = useWindow()
  const { me, timelines, places } = messenger
  const { conversation } = props.acts
  const [atEnd, setAtEnd] = createSignal(true)
  const [leftAt, setLeftAt] = createSignal(Number.POSITIVE_INFINITY)
  let scroller!: HTMLDivElement

  const scrolling = createScrolling(
    () => [props.messages, props.acts.unfolded()],
    () => !props.timeline.moreAfter,
    () => props.acts.unfolded(),
  )
  const rows = createMemo(() =>
    rowsOf({
      messages: props.messages,
      notices: props.timeline.notices,
      me: me.id,
      divideAfter: props.divideAfter,
      dayOf,
    }),
  )
  const byKey = createMemo(() => new Map(rows().map((row) => [row.key, row])))
  const keys = createMemo(() => rows().map(({ key }) => key))
  const { active, entry, activate, deactivate } = createActive({
    inside: () => scroller,
    has: (key) => byKey().has(key),
    last: () => props.messages.at(-1)?.id,
  })
  const lastStored = () => props.timeline.messages.at(-1)?.revision
  const missed = () =>
    props.timeline.messages.filter(({ revision, sender }) => revision > leftAt() && sender !== me.id).length

  const visible = (): number | undefined => {
    if (atEnd() && !props.timeline.moreAfter) return lastStored()
    const foot = scroller.getBoundingClientRect().bottom + 8
    const shown = [...scroller.querySelectorAll<HTMLElement>('[data-revision]')]
    const last = shown.findLast((row) => row.getBoundingClientRect().bottom <= foot)
    return last && Number(last.dataset.revision)
  }
  const reading = createReading(conversation, visible)

  const look = (): void => {
    scrolling.scrolled()
    const end = scrolling.atEnd()
    if (end !== atEnd()) setLeftAt(end ? Number.POSITIVE_INFINITY : (lastStored() ?? 0))
    setAtEnd(end)
    if (scroller.scrollTop < AHEAD && props.timeline.moreBefore)
      void timelines.older(conversation).catch(() => undefined)
    if (scrolling.fromEnd() < AHEAD && props.timeline.moreAfter)
      void timelines.newer(conversation).catch(() => undefined)
    reading.look()
  }

  const toEnd = async (): Promise<void> => {
    if (props.timeline.moreAfter) await timelines.latest(conversation)
    scrolling.toEnd()
    look()
  }

  onMount(() => {
    scrolling.attach(scroller)
    scrolling.toEnd()
    const divider = scroller.querySelector<HTMLElement>('[data-divider]')
    const place = places.get(conversation)
    if (divider) {
      // The line between old and new stands a little below the top, when there is that much to read.
      const down = divider.getBoundingClientRect().top - scroller.getBoundingClientRect().top - 80
      if (down < 0) scroller.scrollTop += down
    } else if (place !== undefined) scroller.scrollTop -= place
    look()
  })
  onCleanup(() => {
    if (atEnd() || props.timeline.moreAfter) places.delete(conversation)
    else places.set(conversation, scrolling.fromEnd())
  })

  createEffect(
    on(
      () => props.messages,
      (messages, before) => {
        const last = messages.at(-1)
        const sent = before !== undefined && last?.sending === 'queued' && before.at(-1)?.id !== last.id
        if (sent) void toEnd()
        if (atEnd()) timelines.trim(conversation)
        requestAnimationFrame(look)
      },
    ),
  )
  createEffect(on(props.acts.unfolded, () => requestAnimationFrame(look), { defer: true }))
  createEffect(
    on(props.acts.target, (target) => {
      if (!target) return
      requestAnimationFrame(() => {
        const row = scroller.querySelector<HTMLElement>(`[data-message="${target.message}"]`)
        row?.scrollIntoView({ block: 'center' })
        row?.focus({ preventScroll: true })
      })
    }),
  )

  return (
    <div class={styles.frame}>
      <div ref={scroller} class={styles.scroller} onScroll={look} data-scroller>
        <ol
          class={styles.column}
          aria-label="Messages"
          data-landmark
          tabindex="-1"
          onPointerOver={(event) => (event.pointerType === 'mouse' ? activate(event) : undefined)}
          onClick={activate}
          onFocusIn={activate}
          onFocusOut={deactivate}
          onPointerLeave={(event) => (event.pointerType === 'mouse' ? deactivate() : undefined)}
          onKeyDown={(event) => messageKeys(event, props.acts, (id) => props.messages.find((one) => one.id === id))}
        >
          <For each={keys()}>
            {(key) => (
              <RowView row={byKey().get(key)} acts={props.acts} active={active() === key} entry={entry() === key} />
            )}
          </For>
        </ol>
      </div>
      <Show when={!atEnd()}>
        <button
          type="button"
          class={styles.jump}
          data-jump
          aria-label={missed() > 0 ? `Jump to the latest, ${missed()} new` : 'Jump to the latest'}
          onClick={() => void toEnd()}
        >
          <Icon name="down" />
          <Show when={missed() > 0}>
            <span class={styles.missed}>{missed()}</span>
          </Show>
        </button>
      </Show>
    </div>
  )
}
