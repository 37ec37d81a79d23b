import type { Notice, UserId } from '@verbatim/protocol'
import type { Shown } from './shown.ts'

/** What the list draws, top to bottom. `key` stays the same while a row lives, so that its nodes do too. */
export type Row =
  | { readonly kind: 'day'; readonly key: string; readonly at: string }
  | { readonly kind: 'divider'; readonly key: 'divider' }
  | { readonly kind: 'notice'; readonly key: string; readonly notice: Notice }
  | {
      readonly kind: 'message'
      readonly key: string
      readonly message: Shown
      readonly own: boolean
      /** Of the messages that one person sent in a row. */
      readonly first: boolean
      readonly last: boolean
    }

export type RowsInput = {
  readonly messages: readonly Shown[]
  readonly notices: readonly Notice[]
  readonly me: UserId
  /** Revision after which the "New messages" line stands; `undefined`: nowhere. */
  readonly divideAfter?: number | undefined
  /** The local day that an instant falls on. */
  readonly dayOf: (at: string) => string
}

/** Messages of one sender closer than this stand together. */
const TOGETHER = 5 * 60_000

export const rowsOf = ({ messages, notices, me, divideAfter, dayOf }: RowsInput): Row[] => {
  const rows: Row[] = []
  let day = ''
  let divided = divideAfter === undefined
  let before: Shown | undefined
  let waiting = 0

  const open = (at: string) => {
    if (dayOf(at) === day) return
    day = dayOf(at)
    before = undefined
    rows.push({ kind: 'day', key: `day ${day}`, at })
  }
  const tell = (upTo: number) => {
    for (let notice = notices[waiting]; notice && notice.revision < upTo; notice = notices[++waiting]) {
      open(notice.at)
      rows.push({ kind: 'notice', key: `notice ${notice.revision}`, notice })
      before = undefined
    }
  }

  for (const message of messages) {
    tell(message.revision)
    open(message.sentAt)
    const own = message.sender === me
    if (!divided && divideAfter !== undefined && message.revision > divideAfter && !own) {
      rows.push({ kind: 'divider', key: 'divider' })
      divided = true
      before = undefined
    }
    const first = before === undefined || !together(before, message)
    if (!first) endLess(rows)
    rows.push({ kind: 'message', key: message.id, message, own, first, last: true })
    before = message
  }
  tell(Number.POSITIVE_INFINITY)
  return rows
}

const together = (one: Shown, other: Shown): boolean =>
  one.sender === other.sender && Date.parse(other.sentAt) - Date.parse(one.sentAt) < TOGETHER

const endLess = (rows: Row[]): void => {
  const row = rows.at(-1)
  if (row?.kind === 'message') rows[rows.length - 1] = { ...row, last: false }
}
