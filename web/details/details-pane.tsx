import type { ConversationId } from '@verbatim/protocol'
import { limits } from '@verbatim/protocol/limits'
import { createSignal, Match, Show, Switch } from 'solid-js'
import { titleOf } from '../conversations/title.ts'
import { Avatar } from '../parts/avatar.tsx'
import controls from '../parts/controls.module.css'
import { Icon } from '../parts/icons.tsx'
import { useWindow } from '../shell/context.ts'
import { createGroupActs } from './create-group-acts.ts'
import { roleOf } from './details.ts'
import styles from './details-pane.module.css'
import { Members } from './members.tsx'
import { PeerActs } from './peer-acts.tsx'
import { Pins } from './pins.tsx'

export const DetailsPane = (props: { conversation: ConversationId }) => {
  const { messenger, router } = useWindow()
  const acts = createGroupActs(props.conversation)
  const summary = () => messenger.conversations.summary(props.conversation)
  const details = () => messenger.conversations.details(props.conversation)
  const title = () => titleOf(summary(), messenger.people)
  const admin = () => roleOf(details(), messenger.me.id) === 'admin'
  const [leaving, setLeaving] = createSignal(false)

  return (
    <aside class={styles.pane} aria-label="Details" data-landmark tabindex="-1">
      <button
        type="button"
        class={`${controls.icon} ${styles.close}`}
        aria-label="Close the details"
        onClick={() => router.toggleDetails()}
      >
        <Icon name="close" />
      </button>
      <Show when={summary()}>
        <Avatar
          id={summary()?.peer?.id ?? props.conversation}
          name={title()}
          group={summary()?.kind === 'group'}
          size="huge"
        />
        <Switch>
          <Match when={summary()?.kind === 'group' && admin()}>
            <Name name={title()} rename={acts.rename} />
          </Match>
          <Match when={true}>
            <h2 class={styles.title}>{title()}</h2>
          </Match>
        </Switch>
        <p class={styles.below}>
          {summary()?.kind === 'direct'
            ? `@${summary()?.peer?.handle ?? ''}`
            : details()?.history === 'since-joining'
              ? 'New members read from their joining on'
              : 'New members read everything'}
        </p>
        <Show when={summary()?.peer?.id}>{(peer) => <PeerActs user={peer()} />}</Show>
        <Show when={summary()?.kind === 'group' ? details() : undefined}>
          {(known) => <Members details={known()} admin={admin()} acts={acts} />}
        </Show>
        <Show when={details()?.pins.length ? details() : undefined}>
          {(known) => <Pins conversation={props.conversation} pins={known().pins} />}
        </Show>
        <Show when={summary()?.kind === 'group'}>
          <section class={styles.section}>
            <Show
              when={leaving()}
              fallback={
                <button type="button" class={`${controls.danger} ${styles.wide}`} onClick={() => setLeaving(true)}>
                  Leave the group
                </button>
              }
            >
              <p class={styles.ask}>Leave “{title()}”? You will no longer see what was said here.</p>
              <div class={styles.pair}>
                <button type="button" class={controls.plain} onClick={() => setLeaving(false)}>
                  Stay
                </button>
                <button
                  type="button"
                  class={controls.danger}
                  onClick={async () => ((await acts.leave()) ? router.closeConversation() : setLeaving(false))}
                >
                  Leave
                </button>
              </div>
            </Show>
          </section>
        </Show>
      </Show>
    </aside>
  )
}

const Name = (props: { name: string; rename: (name: string) => Promise<boolean> }) => {
  const save = async (input: HTMLTextAreaElement): Promise<void> => {
    const name = input.value.replace(/\s+/gu, ' ').trim()
    if (name === '' || name === props.name || !(await props.rename(name))) input.value = props.name
  }
  return (
    <textarea
      class={`${styles.title} ${styles.name}`}
      // Where the browser does not measure what it holds, a long name gets its second line all the same.
      rows={props.name.length > 22 ? 2 : 1}
      aria-label="Name of the group"
      maxlength={limits.nameCodePoints}
      value={props.name}
      onKeyDown={(event) => {
        if (event.key === 'Escape') event.currentTarget.value = props.name
        if (event.key !== 'Enter' && event.key !== 'Escape') return
        event.preventDefault()
        event.currentTarget.blur()
      }}
      onBlur={(event) => void save(event.currentTarget)}
    />
  )
}
