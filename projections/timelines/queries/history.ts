import type { ModelReader } from '@verbatim/projections/projector'
import { publicEventJson } from '@verbatim/projections/relay'
import { type ConversationId, conversationStream, type EventsPage, limits, type UserId } from '@verbatim/protocol'
import type { EventLog, Recorded } from '@verbatim/services/event-log'
import type { At, Backlog } from '../port.ts'
import { type Access, mayRead } from './may-read.ts'
import { type Told, toldEvents } from './told-events.ts'

/** What is read of the log. */
export type HistoryLog = Pick<EventLog, 'read'>

/**
 * The events of a conversation themselves. They come from the log, but never from beyond the model: it decides who may
 * read, what was deleted, and how far the answer goes.
 */
export const history = (model: ModelReader, log: HistoryLog) => {
  const access = mayRead(model.db)
  const told = toldEvents(model.db)

  const read = (conversation: ConversationId, from: number, limit: number): Promise<Recorded[]> =>
    limit > 0 ? log.read(conversationStream(conversation), from, limit) : Promise.resolve([])

  /** Asked again after the log was read: a deletion or a removal meanwhile must hold for what is told now. */
  const tell = (user: UserId, conversation: ConversationId, events: readonly Recorded[]): Told[] | undefined =>
    model.read(() => {
      const still = access(user, conversation)
      return still && told(still, events)
    }).value

  const backlogOf = async (
    user: UserId,
    seen: { readonly conversation: ConversationId; readonly revision: number },
    { found, isTooMany }: { found: Access; isTooMany: boolean },
  ): Promise<Backlog | undefined> => {
    const { conversation } = seen
    const answer = (events: readonly string[], reset: boolean): Backlog => ({
      conversation,
      events,
      reset,
      revision: found.revision,
    })
    if (seen.revision > found.revision) {
      // The socket hears of an event before the model does: ahead of the head is only who is ahead of the log as well.
      const [known] = await read(conversation, seen.revision, 1)
      return answer([], known === undefined)
    }
    // He joined anew: what he has seen is no longer his, and who waits for what lies between waits for ever.
    if (seen.revision >= 0 && seen.revision + 1 < found.first) return answer([], true)
    const from = Math.max(seen.revision + 1, found.first)
    const missed = found.revision + 1 - from
    if (missed > limits.resume.events || (missed > 0 && isTooMany)) return answer([], true)
    const events = tell(user, conversation, await read(conversation, from, missed))
    if (!events) return undefined
    const lines = events.map(({ event, json }) => publicEventJson(event, json))
    return bytesOf(lines) > limits.resume.bytes ? answer([], true) : answer(lines, false)
  }

  return {
    async events(
      user: UserId,
      conversation: ConversationId,
      page: { after: number; limit: number },
    ): Promise<At<EventsPage | undefined>> {
      const { position, value: found } = model.read(() => access(user, conversation))
      if (!found) return { position, value: undefined }
      const from = Math.max(Math.trunc(page.after) + 1, found.first)
      const limit = Math.min(Math.max(Math.trunc(page.limit), 1), limits.eventsPage.max)
      const events = tell(
        user,
        conversation,
        await read(conversation, from, Math.min(limit, found.revision + 1 - from)),
      )
      return { position, value: events && pageOf(events, found) }
    },

    async backlog(user: UserId, seen: readonly { conversation: ConversationId; revision: number }[]) {
      // Of one moment: a revision beyond the position would be told again by who tells what came after it.
      const { position, value: known } = model.read(() => seen.map(({ conversation }) => access(user, conversation)))
      const value: Backlog[] = []
      for (const [at, one] of seen.entries()) {
        const found = known[at]
        const backlog = found && (await backlogOf(user, one, { found, isTooMany: at >= limits.resume.conversations }))
        if (backlog) value.push(backlog)
      }
      return { position, value }
    },
  }
}

const pageOf = (events: readonly Told[], { revision }: Access): EventsPage => ({
  events: events.map(({ event, json }) => JSON.parse(publicEventJson(event, json))),
  more: (events.at(-1)?.event.revision ?? revision) < revision,
})

const bytesOf = (lines: readonly string[]): number => lines.reduce((sum, line) => sum + Buffer.byteLength(line), 0)
