import { onMount } from 'solid-js'
import { useWindow } from '../shell/context.ts'
import controls from './controls.module.css'
import { Icon } from './icons.tsx'
import styles from './panel-head.module.css'

/** The head of a panel that stands in the place of the list, with the way back to it. */
export const PanelHead = (props: { title: string }) => {
  const { router } = useWindow()
  let back: HTMLButtonElement | undefined
  // What opened the panel is gone with the list, and the focus with it, unless a field of the panel takes it.
  onMount(() => queueMicrotask(() => (document.activeElement === document.body ? back?.focus() : undefined)))
  return (
    <header class={styles.head}>
      <button
        ref={back}
        type="button"
        class={controls.icon}
        aria-label="Back to chats"
        title="Back to chats"
        onClick={() => router.closePanel()}
      >
        <Icon name="back" />
      </button>
      <h1 class={styles.title}>{props.title}</h1>
    </header>
  )
}
