import type { MessageId } from '@verbatim/protocol'
import { createEffect, createMemo, createSignal, on } from 'solid-js'
import { useWindow } from '../shell/context.ts'
import type { Acts } from '../timeline/create-acts.ts'
import type { Shown } from '../timeline/shown.ts'
import { roomAfter } from './room.ts'

export type Composing = ReturnType<typeof createComposing>

/** What is being written. An edit has its own text, so that the draft is there again after it. */
export const createComposing = (acts: Acts, messages: () => readonly Shown[]) => {
  const { messenger } = useWindow()
  const { drafts, me } = messenger
  const { conversation } = acts
  const [edited, setEdited] = createSignal('')
  const draft = createMemo(() => drafts.read(conversation))
  const message = (id: MessageId | undefined) => messages().find((one) => one.id === id)

  createEffect(
    on(acts.editing, (id) => {
      setEdited(message(id)?.body?.text ?? '')
    }),
  )
  const text = createMemo(() => (acts.editing() ? edited() : draft().text))
  const room = createMemo(() => roomAfter(text()))
  const sendable = () => text().trim() !== '' && room() >= 0

  const saveEdit = (id: MessageId): void => {
    const original = message(id)?.body
    const words = edited().trim()
    acts.edit(undefined)
    if (!original || original.text === words) return
    // What it answered stays what it answered.
    messenger.enqueue({ type: 'EditMessage', conversation, message: id, body: { ...original, text: words } })
  }
  const sendNew = (): void => {
    const { text: words, replyTo } = draft()
    drafts.write(conversation, { text: '' })
    const body = { text: words.trim(), ...(replyTo !== undefined && { replyTo }) }
    messenger.enqueue({ type: 'SendMessage', conversation, body })
  }

  return {
    text,
    /** How many more characters may be written. */
    room,
    sendable,
    kind: (): 'new' | 'edit' => (acts.editing() ? 'edit' : 'new'),
    /** Changes when one turns to another message. */
    busyWith: () => acts.editing() ?? draft().replyTo,
    write: (words: string): void => {
      if (acts.editing()) setEdited(words)
      else drafts.write(conversation, { ...draft(), text: words })
    },
    send: (): void => {
      if (!sendable()) return
      const id = acts.editing()
      if (id) saveEdit(id)
      else sendNew()
    },
    cancel: (): void => {
      if (acts.editing()) acts.edit(undefined)
      else if (draft().replyTo) drafts.write(conversation, { text: draft().text })
    },
    editLast: (): void => {
      const last = messages().findLast((one) => one.sender === me.id && acts.mayEdit(one))
      if (last) acts.edit(last.id)
    },
  }
}
