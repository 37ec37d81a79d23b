import { createMemo } from 'solid-js'
import { nameOf } from '../people/create-people.ts'
import { useWindow } from './context.ts'

/** Tells new messages of the open conversation to a screen reader. Apart from the list, whose history it would read again. */
export const LiveRegion = () => {
  const { messenger, router } = useWindow()
  const told = createMemo<string>((before) => {
    const arrived = messenger.arrived()
    if (arrived?.event.type !== 'MessageSent' || arrived.conversation !== router.route().conversation) return before
    return `${nameOf(messenger.people.get(arrived.event.actor))}: ${arrived.event.data.body?.text ?? ''}`
  }, '')
  return (
    <div class="unseen" aria-live="polite" aria-atomic="true">
      {told()}
    </div>
  )
}
