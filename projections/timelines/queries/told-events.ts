import type { Db } from '@verbatim/projections/projector'
import type { DataOf } from '@verbatim/protocol'
import type { Recorded } from '@verbatim/services/event-log'
import type { Access } from './may-read.ts'

/** An event, and what to tell as its data where that is not what is stored. */
export type Told = { readonly event: Recorded; readonly json: string | undefined }

type Spoken = DataOf<'MessageSent'> | DataOf<'MessageEdited'> | DataOf<'MessageRestored'>

/**
 * Events as a member may hear them now. Three types carry what a message says: it is withheld when the message was
 * deleted since, whichever event says it, and when it was sent before the member's joining.
 */
export const toldEvents = (db: Db): ((access: Access, events: readonly Recorded[]) => Told[]) => {
  const find = db.prepare<[number, string], { revision: number; deleted: 0 | 1 }>(
    'SELECT revision, deletedAt IS NOT NULL AS deleted FROM messages WHERE conversation = ? AND id = ?',
  )
  const jsonOf = ({ conversation, first }: Access, event: Recorded): string | undefined => {
    const { unseenBy: members, ...data }: Spoken = JSON.parse(event.json)
    const message = find.get(conversation, data.message)
    if (message?.deleted) return JSON.stringify({ ...data, body: null, deleted: true })
    if (message && message.revision < first) return JSON.stringify({ ...data, body: null })
    const answered = data.body?.replyTo
    const stored = members && JSON.stringify(data)
    if (first === 0 || answered === undefined) return stored
    if ((find.get(conversation, answered)?.revision ?? -1) >= first) return stored
    const { replyTo: _, ...body } = data.body ?? {}
    return JSON.stringify({ ...data, body })
  }

  return (access, events) => events.map((event) => ({ event, json: speaks(event) ? jsonOf(access, event) : undefined }))
}

const speaks = ({ type }: Recorded): boolean =>
  type === 'MessageSent' || type === 'MessageEdited' || type === 'MessageRestored'
