import { useWindow } from '../shell/context.ts'
import controls from './controls.module.css'
import { Icon } from './icons.tsx'
import styles from './panel-head.module.css'

/** The head of a panel that stands in the place of the list, with the way back to it. */
export const PanelHead = (props: { title: string }) => {
  const { router } = useWindow()
  return (
    <header class={styles.head}>
      <button
        type="button"
        class={controls.icon}
        aria-label="Back to chats"
        title="Back to chats"
        onClick={() => router.openPanel('chats')}
      >
        <Icon name="back" />
      </button>
      <h1 class={styles.title}>{props.title}</h1>
    </header>
  )
}
