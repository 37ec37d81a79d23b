import { createContext, createSignal, type JSX, Show, useContext } from 'solid-js'
import { Icon, type IconName } from './icons.tsx'
import styles from './popover.module.css'

export type PopoverProps = {
  readonly label: string
  readonly icon: IconName
  readonly kind: 'menu' | 'dialog'
  readonly class?: string | undefined
  readonly size?: number
  /** The panel that is reached through it, and from which the focus comes back. */
  readonly opens?: string
  readonly onOpen?: (open: boolean) => void
  readonly children: (close: () => void) => JSX.Element
}

/** Closes the popover that an item stands in. */
const Closing = createContext<() => void>(() => undefined)

/** A button and what it opens, in the browser's top layer: Escape and a click beside it close it. */
export const Popover = (props: PopoverProps) => {
  const [open, setOpen] = createSignal(false)
  let button: HTMLButtonElement | undefined

  const toggle = (next: boolean): void => {
    if (next === open()) return
    setOpen(next)
    props.onOpen?.(next)
  }
  const close = (): void => {
    toggle(false)
    button?.focus()
  }
  const mount = (panel: HTMLDivElement): void => {
    queueMicrotask(() => {
      panel.showPopover()
      if (button) place(panel, button)
      panel.querySelector<HTMLElement>('[role=menuitem], button, input')?.focus()
    })
    panel.addEventListener('toggle', (event) => {
      if ((event as ToggleEvent).newState === 'closed') toggle(false)
    })
  }
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLDivElement }): void => {
    // Keys in here are not the page's: Escape closes this and not the reply behind it.
    event.stopPropagation()
    if (event.key === 'Escape') {
      event.preventDefault()
      close()
    } else if (event.key === 'Tab' && props.kind === 'menu') close()
    else step(event, event.currentTarget)
  }

  return (
    <>
      <button
        ref={button}
        type="button"
        class={props.class ?? styles.button}
        aria-label={props.label}
        title={props.label}
        data-opens={props.opens}
        aria-haspopup={props.kind}
        aria-expanded={open()}
        onClick={() => toggle(!open())}
      >
        <Icon name={props.icon} size={props.size ?? 20} />
      </button>
      <Show when={open()}>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: its role, menu or dialog, comes with `kind` */}
        {/* biome-ignore lint/a11y/useAriaPropsSupportedByRole: both roles take a label */}
        <div
          ref={mount}
          popover="auto"
          role={props.kind}
          aria-label={props.label}
          class={styles.panel}
          onKeyDown={onKeyDown}
        >
          <Closing.Provider value={close}>{props.children(close)}</Closing.Provider>
        </div>
      </Show>
    </>
  )
}

/** Closes its menu and then acts, so that an act that moves the focus has the last word. */
export const MenuItem = (props: { onSelect: () => void; danger?: boolean; children: JSX.Element }) => {
  const close = useContext(Closing)
  const select = (): void => {
    close()
    props.onSelect()
  }
  return (
    <button
      type="button"
      role="menuitem"
      tabindex="-1"
      class={styles.item}
      classList={{ [styles.danger ?? '']: props.danger === true }}
      onClick={select}
    >
      {props.children}
    </button>
  )
}

const MARGIN = 8

/** Below the button where there is room, else above; never over the edge. */
const place = (panel: HTMLElement, button: HTMLElement): void => {
  const at = button.getBoundingClientRect()
  const { width, height } = panel.getBoundingClientRect()
  const below = at.bottom + 4 + height <= innerHeight - MARGIN
  panel.style.top = `${Math.max(MARGIN, below ? at.bottom + 4 : at.top - 4 - height)}px`
  panel.style.left = `${Math.max(MARGIN, Math.min(at.right - width, innerWidth - width - MARGIN))}px`
}

const step = (event: KeyboardEvent, panel: HTMLElement): void => {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (by === undefined) return
  const items = [...panel.querySelectorAll<HTMLElement>('[role=menuitem]')]
  if (items.length === 0) return
  event.preventDefault()
  const now = document.activeElement instanceof HTMLElement ? items.indexOf(document.activeElement) : -1
  items[(now + by + items.length) % items.length]?.focus()
}
