import type { EventLog, Position } from '@verbatim/services/event-log'
import type { Live } from '@verbatim/services/live'
import { routes } from './routes.ts'
import { sections } from './sections.ts'

export interface Relay {
  /** Everything up to here is published. */
  position(): Position
  /** Nothing is published after this resolves. */
  close(): Promise<void>
  /** Resolves when it was closed; rejects with what ended it, and then every screen stands still. To be listened to. */
  readonly ended: Promise<void>
}

/**
 * The projection that becomes frames: follows the log from `from` on and publishes who is to be told what. A commit's
 * batch is one frame for each conversation in it, cut where somebody joins or leaves. It keeps no state but its
 * position, and publishes in the same turn as it is called: before the append is answered.
 */
export const relay = ({ log, live, from }: { log: Pick<EventLog, 'follow'>; live: Live; from: Position }): Relay => {
  let published = from
  const out = { live, sections: sections(live) }
  const following = log.follow(from, (events) => {
    let seen = published
    for (const event of events) {
      // The log delivers at least once; a socket must get it once.
      if (event.position <= seen) continue
      seen = event.position
      routes[event.type](event, out)
    }
    out.sections.flush()
    published = seen
  })
  return { position: () => published, close: () => following.close(), ended: following.ended }
}
