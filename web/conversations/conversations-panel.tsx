import { createEffect, createSignal, on, Show } from 'solid-js'
import { Avatar } from '../parts/avatar.tsx'
import controls from '../parts/controls.module.css'
import { Icon } from '../parts/icons.tsx'
import { Mark } from '../parts/mark.tsx'
import { MenuItem, Popover } from '../parts/popover.tsx'
import { nameOf } from '../people/create-people.ts'
import { useWindow } from '../shell/context.ts'
import { ConversationList } from './conversation-list.tsx'
import styles from './conversations-panel.module.css'
import { Found } from './found.tsx'
import { intoRows } from './rows-keyboard.ts'

const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent)

export const ConversationsPanel = () => {
  const { messenger, router } = useWindow()
  const [query, setQuery] = createSignal('')
  // What was looked for is found: the list stands there again.
  createEffect(
    on(
      () => router.route().conversation,
      () => setQuery(''),
      { defer: true },
    ),
  )
  const requests = () => messenger.people.social().incoming.length

  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLInputElement }): void => {
    if (event.key === 'Escape' && query() !== '') {
      event.preventDefault()
      setQuery('')
    } else if (event.key !== 'Enter') intoRows(event)
    else if (query().trim() !== '' && intoRows(event)) {
      setQuery('')
      // Of the conversation that is open already: another one takes the focus when it appears.
      document.querySelector<HTMLElement>('[data-composer]')?.focus()
    }
  }

  return (
    <>
      <header class={styles.head}>
        <Mark />
        <h1 class={styles.wordmark}>Verbatim</h1>
        <button
          type="button"
          class={`${controls.icon} ${styles.people}`}
          aria-label={requests() > 0 ? `People, ${requests()} ${requests() === 1 ? 'request' : 'requests'}` : 'People'}
          title="People"
          data-opens="people"
          onClick={() => router.openPanel('people')}
        >
          <Icon name="people" />
          <Show when={requests() > 0}>
            <span class={styles.dot}>{requests()}</span>
          </Show>
        </button>
        <Popover label="New conversation" icon="plus" kind="menu" opens="group">
          {() => (
            <>
              <MenuItem onSelect={() => router.openPanel('people')}>Write to somebody</MenuItem>
              <MenuItem onSelect={() => router.openPanel('group')}>Start a group</MenuItem>
            </>
          )}
        </Popover>
        <button
          type="button"
          class={styles.me}
          aria-label="Settings"
          title="Settings"
          data-opens="settings"
          onClick={() => router.openPanel('settings')}
        >
          <Avatar id={messenger.me.id} name={nameOf(messenger.people.get(messenger.me.id))} size="small" />
        </button>
      </header>
      <div class={styles.search}>
        <Icon name="search" size={18} />
        <input
          type="search"
          data-search
          class={styles.input}
          aria-label="Search people and chats"
          placeholder="People and chats"
          autocomplete="off"
          value={query()}
          onInput={(event) => setQuery(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <Show when={query() === ''}>
          <kbd class={styles.key}>{isApple ? '⌘' : 'Ctrl'} K</kbd>
        </Show>
      </div>
      <Show when={query().trim() !== ''} fallback={<ConversationList />}>
        <Found query={query().trim()} />
      </Show>
    </>
  )
}
