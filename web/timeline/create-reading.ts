import type { ConversationId } from '@verbatim/protocol'
import { limits } from '@verbatim/protocol/limits'
import { createEffect, createSignal, onCleanup } from 'solid-js'
import { useWindow } from '../shell/context.ts'

/** Whether the person looks at this window. */
export const createAttention = () => {
  const look = () => document.visibilityState === 'visible' && document.hasFocus()
  const [attentive, setAttentive] = createSignal(look())
  const update = () => setAttentive(look())
  window.addEventListener('focus', update)
  window.addEventListener('blur', update)
  document.addEventListener('visibilitychange', update)
  onCleanup(() => {
    window.removeEventListener('focus', update)
    window.removeEventListener('blur', update)
    document.removeEventListener('visibilitychange', update)
  })
  return attentive
}

/**
 * Moves the read mark: only while the person looks, only up to what stands on the screen, and no more often than the
 * server takes it.
 * @param visible revision of the last message on the screen
 */
export const createReading = (conversation: ConversationId, visible: () => number | undefined) => {
  const { messenger } = useWindow()
  const attentive = createAttention()
  let timer: ReturnType<typeof setTimeout> | undefined
  let sentAt = 0

  const send = (): void => {
    timer = undefined
    const revision = visible()
    const summary = messenger.conversations.summary(conversation)
    if (revision === undefined || summary === undefined || !attentive() || revision <= summary.readUpTo) return
    if (messenger.connection.state().kind !== 'ready') return
    sentAt = Date.now()
    messenger.markRead(conversation, revision)
  }
  const look = (): void => {
    if (!attentive()) return
    timer ??= setTimeout(send, Math.max(60, sentAt + limits.markReadEvery - Date.now()))
  }
  createEffect(() => {
    if (attentive() && messenger.connection.state().kind === 'ready') look()
  })
  onCleanup(() => {
    if (timer === undefined) return
    clearTimeout(timer)
    send()
  })
  return { look, attentive }
}
