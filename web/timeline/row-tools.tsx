import { createSignal, For, Show } from 'solid-js'
import controls from '../parts/controls.module.css'
import { Icon } from '../parts/icons.tsx'
import { isEmoji } from '../parts/links.ts'
import { MenuItem, Popover } from '../parts/popover.tsx'
import type { Acts } from './create-acts.ts'
import styles from './row-tools.module.css'
import type { Shown } from './shown.ts'

const QUICK = ['👍', '❤️', '😂', '😮', '😢', '🙏']

/** What can be done with the message under the pointer or the focus. */
export const RowTools = (props: { message: Shown; own: boolean; acts: Acts }) => (
  <div class={styles.rail} classList={{ [styles.own ?? '']: props.own }}>
    <div class={styles.tools} role="toolbar" aria-label="Message actions">
      <Popover label="React" icon="smile" kind="dialog" class={controls.icon} size={18}>
        {(close) => (
          <EmojiChoice
            choose={(emoji) => {
              close()
              props.acts.react(props.message, emoji)
            }}
          />
        )}
      </Popover>
      <button
        type="button"
        class={controls.icon}
        aria-label="Reply"
        title="Reply"
        onClick={() => props.acts.reply(props.message.id)}
      >
        <Icon name="reply" size={18} />
      </button>
      <Popover label="More actions" icon="more" kind="menu" class={controls.icon} size={18}>
        {() => (
          <>
            <Show when={props.acts.mayEdit(props.message)}>
              <MenuItem onSelect={() => props.acts.edit(props.message.id)}>Edit</MenuItem>
            </Show>
            <MenuItem onSelect={() => props.acts.copy(props.message)}>Copy text</MenuItem>
            <MenuItem onSelect={() => props.acts.pin(props.message.id, props.acts.pinned(props.message.id))}>
              {props.acts.pinned(props.message.id) ? 'Unpin' : 'Pin'}
            </MenuItem>
            <Show when={props.acts.mayDelete(props.message)}>
              <MenuItem danger onSelect={() => props.acts.remove(props.message.id)}>
                Delete for everyone
              </MenuItem>
            </Show>
          </>
        )}
      </Popover>
    </div>
  </div>
)

const EmojiChoice = (props: { choose: (emoji: string) => void }) => {
  const [typed, setTyped] = createSignal('')
  const take = (text: string): void => {
    setTyped(text)
    if (isEmoji(text.trim())) props.choose(text.trim())
  }
  return (
    <div class={styles.choice}>
      <For each={QUICK}>
        {(emoji) => (
          <button
            type="button"
            class={styles.emoji}
            aria-label={`React with ${emoji}`}
            onClick={() => props.choose(emoji)}
          >
            {emoji}
          </button>
        )}
      </For>
      <input
        class={styles.any}
        aria-label="Any other emoji"
        placeholder="Any emoji"
        autocomplete="off"
        maxlength="32"
        aria-invalid={typed().trim() !== '' && !isEmoji(typed().trim())}
        value={typed()}
        onInput={(event) => take(event.currentTarget.value)}
      />
    </div>
  )
}
