import type { Notice, UserId } from '@verbatim/protocol'
import { nameOf } from '../people/create-people.ts'
import { useWindow } from '../shell/context.ts'
import styles from './message-list.module.css'

/** What happened between the messages. */
export const NoticeRow = (props: { notice: Notice }) => {
  const { messenger } = useWindow()
  const name = (user: UserId) => (user === messenger.me.id ? 'You' : nameOf(messenger.people.get(user)))
  return <li class={styles.notice}>{noticeText(props.notice, name)}</li>
}

export const noticeText = (notice: Notice, name: (user: UserId) => string): string => {
  const actor = name(notice.actor)
  const object = (user: UserId) => (name(user) === 'You' ? 'you' : name(user))
  switch (notice.type) {
    case 'GroupStarted':
      return `${actor} started the group`
    case 'GroupRenamed':
      return `${actor} named the group “${notice.data.name ?? '…'}”`
    case 'MemberAdded':
      return `${actor} added ${object(notice.data.user)}`
    case 'MemberRemoved':
      return `${actor} removed ${object(notice.data.user)}`
    case 'MemberLeft':
      return `${name(notice.data.user)} left`
    case 'RoleChanged':
      return notice.data.role === 'admin'
        ? `${actor} made ${object(notice.data.user)} an admin`
        : `${actor} made ${object(notice.data.user)} a member again`
    default:
      return ''
  }
}
