import { Match, Switch } from 'solid-js'
import { dayLabel } from '../parts/times.ts'
import type { Acts } from './create-acts.ts'
import styles from './message-list.module.css'
import { MessageRow } from './message-row.tsx'
import { NoticeRow } from './notice-row.tsx'
import type { Row } from './rows.ts'

type Of<Kind extends Row['kind']> = Extract<Row, { kind: Kind }>

/** One row of the list, by its kind. A key never changes its kind. */
export const RowView = (props: { row: Row | undefined; acts: Acts; active: boolean; entry: boolean }) => {
  const as = <Kind extends Row['kind']>(kind: Kind): Of<Kind> | undefined =>
    props.row?.kind === kind ? (props.row as Of<Kind>) : undefined
  return (
    <Switch>
      <Match when={as('message')}>
        {(row) => <MessageRow row={row()} acts={props.acts} active={props.active} entry={props.entry} />}
      </Match>
      <Match when={as('day')}>
        {(row) => (
          <li class={styles.day}>
            <time dateTime={row().at}>{dayLabel(row().at)}</time>
          </li>
        )}
      </Match>
      <Match when={as('divider')}>
        <li class={styles.divider} data-divider>
          New messages
        </li>
      </Match>
      <Match when={as('notice')}>{(row) => <NoticeRow notice={row().notice} />}</Match>
    </Switch>
  )
}
