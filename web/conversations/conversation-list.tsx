import { createMemo, For, Show } from 'solid-js'
import controls from '../parts/controls.module.css'
import { useWindow } from '../shell/context.ts'
import styles from './conversation-list.module.css'
import { ConversationRow } from './conversation-row.tsx'
import { arrowsThroughRows } from './rows-keyboard.ts'

export const ConversationList = () => {
  const { messenger, router } = useWindow()
  const { conversations } = messenger
  // By id, so that a row keeps its nodes and its focus while what it says changes.
  const ids = createMemo(() => messenger.listed().map(({ id }) => id))
  /** One stop for Tab on the way through the window, not one for each conversation. */
  const entry = createMemo(() => {
    const open = router.route().conversation
    return open !== undefined && ids().includes(open) ? open : ids()[0]
  })
  const onScroll = ({ currentTarget: list }: { currentTarget: HTMLElement }): void => {
    if (conversations.more() && list.scrollTop + list.clientHeight > list.scrollHeight - 300)
      void conversations.readMore()
  }
  return (
    <Show when={conversations.loaded()} fallback={<Skeletons />}>
      <Show
        when={ids().length > 0}
        fallback={
          <div class={styles.empty}>
            <p class={styles.sentence}>
              No conversation yet. Find somebody, or tell others your handle: <b>@{messenger.me.handle}</b>
            </p>
            <button type="button" class={controls.plain} onClick={() => router.openPanel('people')}>
              Find people
            </button>
          </div>
        }
      >
        <ul class={styles.rows} data-rows aria-label="Chats" onScroll={onScroll} ref={arrowsThroughRows}>
          <For each={ids()}>{(id) => <ConversationRow conversation={id} passed={id !== entry()} />}</For>
        </ul>
      </Show>
    </Show>
  )
}

const Skeletons = () => (
  <div class={styles.rows} aria-busy="true" role="status">
    <span class="unseen">Loading conversations</span>
    <For each={[62, 48, 70, 55, 40, 64]}>
      {(width) => (
        <div class={styles.skeleton} aria-hidden="true">
          <span class={styles.disc} />
          <span class={styles.bar} style={{ width: `${width}%` }} />
          <span class={styles.bar} style={{ width: `${Math.max(30, 110 - width)}%` }} />
        </div>
      )}
    </For>
  </div>
)
