import type { ConversationId, MessageId } from '@verbatim/protocol'
import { createSignal } from 'solid-js'
import { roleOf } from '../details/details.ts'
import { copy } from '../parts/copy.ts'
import { useWindow } from '../shell/context.ts'
import type { Shown } from './shown.ts'
import { messageOf } from './timeline.ts'

export type Acts = ReturnType<typeof createActs>

/** What one can do with the messages of a conversation, and which of them the composer is busy with. */
export const createActs = (conversation: ConversationId) => {
  const { messenger } = useWindow()
  const { me, drafts, timelines, originals, outbox, toasts } = messenger
  const [editing, setEditing] = createSignal<MessageId>()
  const [unfolded, setUnfolded] = createSignal<ReadonlySet<MessageId>>(new Set())
  const [target, setTarget] = createSignal<{ message: MessageId; flash: boolean }>()

  const restore = (message: MessageId): void => messenger.enqueue({ type: 'RestoreMessage', conversation, message })

  const jump = async (message: MessageId): Promise<void> => {
    const timeline = timelines.get(conversation)
    if (!timeline || !messageOf(timeline, message)) {
      const found = await originals.find(conversation, message).catch(() => undefined)
      if (found === undefined) return toasts.show({ text: 'The message is too far away to show.' })
      await timelines.around(conversation, found.revision)
    }
    setTarget({ message, flash: true })
  }

  return {
    conversation,
    editing,
    target,
    jump: (message: MessageId): void => void jump(message).catch(() => undefined),
    arrived: (): void => void setTarget(undefined),
    edit: setEditing,
    /** Long messages of which one wants to see all. */
    unfolded,
    unfold: (message: MessageId): void => void setUnfolded((all) => new Set(all).add(message)),
    reply: (message: MessageId): void => {
      setEditing(undefined)
      drafts.write(conversation, { ...drafts.read(conversation), replyTo: message })
    },
    react: (message: Shown, emoji: string): void => {
      const mine = message.reactions.find((one) => one.emoji === emoji)?.users.includes(me.id)
      messenger.enqueue({ type: mine ? 'Unreact' : 'React', conversation, message: message.id, emoji })
    },
    remove: (message: MessageId): void => {
      messenger.enqueue({ type: 'DeleteMessage', conversation, message })
      toasts.show({ text: 'Message deleted.', action: { label: 'Undo', run: () => restore(message) } })
    },
    restore,
    pin: (message: MessageId, pinned: boolean): void => {
      messenger.enqueue({ type: pinned ? 'Unpin' : 'Pin', conversation, message })
      toasts.show({ text: pinned ? 'Unpinned.' : 'Pinned: it stands in the details.' })
    },
    pinned: (message: MessageId): boolean =>
      messenger.conversations.details(conversation)?.pins.includes(message) ?? false,
    retry: (message: MessageId): void => void outbox.retry(message),
    discard: (message: MessageId): void => void outbox.discard(message),
    copy: (message: Shown): void => {
      void copy(message.body?.text ?? '').then((done) =>
        toasts.show({ text: done ? 'Copied.' : 'This browser lets nothing be copied here.' }),
      )
    },
    mayEdit: (message: Shown): boolean =>
      message.sender === me.id && !message.deleted && message.sending !== 'failed' && message.body !== null,
    mayDelete: (message: Shown): boolean =>
      !message.deleted &&
      message.sending !== 'failed' &&
      (message.sender === me.id || roleOf(messenger.conversations.details(conversation), me.id) === 'admin'),
  }
}
