import type { ClientFrame, ConversationId, PublicEvent, ServerFrame, UserId } from '@verbatim/protocol'
import { recorder } from '../recorder.ts'
import { rooms } from './cast.ts'
import type { Time } from './time.ts'

export type Seen = ReturnType<typeof seenIn>
/** Events of a conversation that a process sent to somebody, and when. */
export type Shown = {
  readonly user: UserId
  readonly conversation: ConversationId
  readonly revisions: readonly number[]
  readonly happened: number
}

/** Writes down what people send, what they are told, and what is sent to them even if it does not arrive. */
export const seenIn = (time: Time) => {
  const record = recorder()
  const shown: Shown[] = []
  return {
    record,
    shown: shown as readonly Shown[],
    sent(user: UserId, text: string): void {
      if (!text.startsWith('{"type":"events","conversation"')) return
      const { conversation, events } = JSON.parse(text) as { conversation: ConversationId; events: PublicEvent[] }
      const revisions = events.map(({ revision }) => revision)
      if (revisions.length > 0) shown.push({ user, conversation, revisions, happened: time.happened() })
    },
    socketOf(name: string, user: UserId) {
      let asked: ReadonlyMap<ConversationId, number> = new Map()
      const stretches = new Map<ConversationId, ReturnType<typeof record.socketOf>>()
      const events = (conversation: ConversationId, told: readonly PublicEvent[]): void => {
        for (const event of told) {
          // Before he comes and behind his leaving there may be what is not for him: no gap begins or ends there.
          if (isOwn(event, user) && event.type === 'MemberAdded')
            stretches.set(conversation, record.socketOf(name, new Map()))
          const stretch = stretches.get(conversation) ?? record.socketOf(name, asked)
          stretches.set(conversation, stretch)
          stretch.saw(conversation, [event])
          if (isOwn(event, user) && event.type !== 'MemberAdded')
            stretches.set(conversation, record.socketOf(name, new Map()))
        }
      }
      return {
        said(frame: ClientFrame): void {
          if (frame.type !== 'hello') return
          const { resume = {} } = frame
          asked = new Map(rooms.flatMap((room) => (resume[room] === undefined ? [] : [[room, resume[room]] as const])))
        },
        heard(frame: ServerFrame): void {
          if (frame.type === 'ack' || frame.type === 'refused') record.answered(frame)
          if (frame.type !== 'events' || 'user' in frame) return
          if (frame.reset) stretches.set(frame.conversation, record.socketOf(name, new Map()))
          events(frame.conversation, frame.events)
        },
      }
    },
  }
}

const isOwn = (event: PublicEvent, user: UserId): boolean =>
  (event.type === 'MemberAdded' || event.type === 'MemberRemoved' || event.type === 'MemberLeft') &&
  event.data.user === user
