import { createMemo } from 'solid-js'
import { nameOf } from '../people/create-people.ts'
import { messageOf } from '../timeline/timeline.ts'
import { useWindow } from './context.ts'

/** Tells new messages of the open conversation to a screen reader. Apart from the list, whose history it would read again. */
export const LiveRegion = () => {
  const { messenger, router } = useWindow()
  const told = createMemo<string>((before) => {
    const arrived = messenger.arrived()
    if (arrived === undefined || arrived.conversation !== router.route().conversation) return before
    const { actor, data } = arrived.event
    // What is deleted meanwhile is not kept here either.
    const timeline = messenger.timelines.get(arrived.conversation)
    if (timeline && messageOf(timeline, data.message)?.deleted) return ''
    return `${nameOf(messenger.people.get(actor))}: ${data.body?.text ?? ''}`
  }, '')
  return (
    <div class="unseen" aria-live="polite" aria-atomic="true">
      {told()}
    </div>
  )
}
