import { type ConversationId, conversationStream, idOf, type StreamName } from '@verbatim/protocol'
import type { Recorded } from '@verbatim/services/event-log'
import type { Live, LiveMessage } from '@verbatim/services/live'
import { conversationFrame } from './frames.ts'
import { publicEventJson } from './public-event.ts'

/** A run of events of one conversation that the same members may see, not yet published. */
type Section = {
  readonly conversation: ConversationId
  events: string
  first: number
  last: number
  position: number
  /** Told after the events: a read mark may name a message of the very same commit. */
  asides: LiveMessage[]
}

export interface Sections {
  /** Puts an event behind the others of its conversation. */
  add(event: Recorded): void
  aside(conversation: ConversationId, frame: string, position: number): void
  /** Publishes what a conversation has so far: behind it other people are members. */
  cut(conversation: StreamName): void
  /** Publishes everything that is open. */
  flush(): void
}

/** Collects the events of one commit by conversation, so that each conversation's are encoded once into one frame. */
export const sections = (live: Live): Sections => {
  const open = new Map<StreamName, Section>()
  const sectionOf = (stream: StreamName): Section => {
    const found = open.get(stream)
    if (found) return found
    const conversation = idOf(stream) as ConversationId
    const fresh: Section = { conversation, events: '', first: -1, last: -1, position: 0, asides: [] }
    open.set(stream, fresh)
    return fresh
  }
  const publish = (section: Section): void => {
    const { conversation, first, last, position, events, asides } = section
    if (events !== '') {
      const frame = conversationFrame(conversation, events)
      live.publish({ kind: 'conversation', conversation, first, last, position, frame })
    }
    for (const aside of asides) live.publish(aside)
  }

  return {
    add(event) {
      const section = sectionOf(event.stream)
      if (section.events === '') {
        section.first = event.revision
        section.events = publicEventJson(event)
      } else section.events += `,${publicEventJson(event)}`
      section.last = event.revision
      section.position = event.position
    },
    aside(conversation, frame, position) {
      sectionOf(conversationStream(conversation)).asides.push({ kind: 'aside', conversation, position, frame })
    },
    cut(stream) {
      const section = open.get(stream)
      if (!section) return
      open.delete(stream)
      publish(section)
    },
    flush() {
      for (const section of open.values()) publish(section)
      open.clear()
    },
  }
}
