import type { Role, UserId } from '@verbatim/protocol'
import { createSignal, For, Show } from 'solid-js'
import { Avatar } from '../parts/avatar.tsx'
import controls from '../parts/controls.module.css'
import { MenuItem, Popover } from '../parts/popover.tsx'
import { createFriendship } from '../people/create-friendship.ts'
import { nameOf } from '../people/create-people.ts'
import { useWindow } from '../shell/context.ts'
import type { createGroupActs } from './create-group-acts.ts'
import type { Details } from './details.ts'
import styles from './details-pane.module.css'
import { PeopleChoice } from './people-choice.tsx'

type GroupActs = ReturnType<typeof createGroupActs>

export const Members = (props: { details: Details; admin: boolean; acts: GroupActs }) => {
  const [adding, setAdding] = createSignal(false)
  const ids = () => props.details.members.map(({ id }) => id)
  const role = (user: UserId) => props.details.members.find(({ id }) => id === user)?.role
  return (
    <section class={styles.section} aria-label="Members">
      <div class={styles.labelled}>
        <h3 class={styles.label}>{ids().length === 1 ? '1 member' : `${ids().length} members`}</h3>
        <Show when={props.admin}>
          <button
            type="button"
            class={`${controls.plain} ${controls.small}`}
            aria-expanded={adding()}
            onClick={() => setAdding(!adding())}
          >
            Add somebody
          </button>
        </Show>
      </div>
      <Show when={adding() && props.admin}>
        <PeopleChoice
          label="Add to the group"
          focus
          without={ids()}
          choose={async (user) => {
            if (await props.acts.add(user)) setAdding(false)
          }}
        />
      </Show>
      <ul>
        <For each={ids()}>
          {(user) => <Member user={user} role={role(user)} admin={props.admin} acts={props.acts} />}
        </For>
      </ul>
    </section>
  )
}

const Member = (props: { user: UserId; role: Role | undefined; admin: boolean; acts: GroupActs }) => {
  const { messenger } = useWindow()
  const friendship = createFriendship()
  const name = () => nameOf(messenger.people.get(props.user))
  const self = () => props.user === messenger.me.id
  return (
    <li class={styles.member}>
      <Avatar id={props.user} name={name()} size="small" />
      <span class={styles.memberName}>{self() ? `${name()} (you)` : name()}</span>
      <span class={styles.role}>{props.role === 'admin' ? 'admin' : ''}</span>
      <Show when={props.admin || !self()}>
        <Popover label={`More about ${name()}`} icon="more" kind="menu" size={18}>
          {() => (
            <>
              <Show when={!self()}>
                <MenuItem onSelect={() => void friendship.write(props.user)}>Write</MenuItem>
              </Show>
              <Show when={props.admin}>
                <MenuItem
                  onSelect={() => void props.acts.setRole(props.user, props.role === 'admin' ? 'member' : 'admin')}
                >
                  {props.role === 'admin' ? 'Make a member' : 'Make an admin'}
                </MenuItem>
              </Show>
              <Show when={props.admin && !self()}>
                <MenuItem danger onSelect={() => void props.acts.remove(props.user)}>
                  Remove from the group
                </MenuItem>
              </Show>
            </>
          )}
        </Popover>
      </Show>
    </li>
  )
}
