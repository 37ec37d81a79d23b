import {
  type DomainEvent,
  eventSchemas,
  type Happened,
  limits,
  type Order,
  timeOf,
  type Ulid,
} from '@verbatim/protocol'
import type { EventLog, NewEvent } from '@verbatim/services/event-log'
import { type AnyAsked, type Beside, decide, evolve, wantedBy } from './aggregates.ts'
import type { Appending } from './appending.ts'
import { isMember } from './conversation/state.ts'
import type { Digest } from './digest.ts'
import { eventId } from './event-id.ts'
import type { Lookups } from './lookups.ts'
import type { Mailbox, Mailboxes } from './mailbox.ts'
import { type Known, mayHavePassed, remember } from './recent-ids.ts'
import type { Ending, Item, Stream } from './stream.ts'

export type AttemptOptions = {
  readonly log: EventLog
  readonly now: () => number
  readonly groupMembers: number
  readonly boxes: Mailboxes
  readonly append: Appending
  readonly lookups: Lookups
  readonly digest: Digest
}

/**
 * One try at a command. `undefined`: it is decided. A promise: something has to be loaded, and it is to be tried again
 * after that; nothing else of its key is decided in between.
 */
export type Attempt = {
  (mailbox: Mailbox, item: Item): Promise<void> | undefined
  readonly counts: { repeats: number }
}

export const attempts = ({ log, now, groupMembers, boxes, append, lookups, digest }: AttemptOptions): Attempt => {
  const counts = { repeats: 0 }
  const isAhead = aheadOf(limits.idAhead)

  const attempt = (mailbox: Mailbox, item: Item): Promise<void> | undefined => {
    const { route, order } = item
    const stream = mailbox.streams.get(route.stream)
    if (!stream) return boxes.load(mailbox, route.stream).then(ready)
    const beside = route.beside === undefined ? undefined : mailbox.streams.get(route.beside)
    if (!beside && route.beside !== undefined) return boxes.load(mailbox, route.beside).then(ready)
    item.digest ??= digest(order.command)

    const end = (ending: Ending, events: readonly NewEvent[] = []): undefined => {
      const after =
        beside && beside.durable < beside.revision ? { stream: beside, revision: beside.revision } : undefined
      append.take(mailbox, stream, { item, ending, events, after })
    }

    // Repeats come before every rule: a sender who was removed after a lost answer still gets it.
    const before = stream.ids.window.get(order.command.id) ?? item.before
    if (before) return end(answerToKnown(before, item, stream))
    if (before === undefined && mustAskLog(stream, item)) return askLog(mailbox, stream, item)
    const time = now()
    if (isAhead(order.command.id, time)) return end({ kind: 'refused', reason: 'id-ahead' })

    const asked = askedOf(order, Math.max(time, stream.at), item.digest)
    const aside: Beside = { aggregate: beside?.aggregate, found: item.found ?? nothingFound, groupMembers }
    const wanted = item.found ? undefined : wantedBy(stream.aggregate, asked, aside)
    if (wanted) {
      const { epoch } = mailbox
      const room = beside?.aggregate.category === 'conversation' ? beside : stream
      return lookups.find(wanted, order.by, room).then((found) => {
        if (found && mailbox.epoch === epoch) item.found = found
      })
    }
    const outcome = decide(stream.aggregate, asked, aside)
    if (outcome.kind === 'refused') return end(outcome)
    if (outcome.events.length === 0) return end({ kind: 'nothing to do' })
    return end(...takeEffect(stream, item, asked, outcome.events))
  }

  const answerToKnown = (known: Known, { order, digest: asked }: Item, { aggregate }: Stream): Ending => {
    if (known.actor === order.by && known.digest === asked) {
      counts.repeats++
      return { kind: 'effect', known }
    }
    // Somebody else's id tells an outsider as little as everything else does.
    const isOutsider =
      known.actor !== order.by && aggregate.category === 'conversation' && !isMember(aggregate.state, order.by)
    return { kind: 'refused', reason: isOutsider ? 'not-found' : 'id-reused' }
  }

  /** What the log knows of an id that fell out of the window, down to the last event of that command. */
  const askLog = async (mailbox: Mailbox, stream: Stream, item: Item): Promise<void> => {
    const { epoch } = mailbox
    const { id } = item.order.command
    let known: Known | null = null
    for (let index = 0; ; index++) {
      const event = await log.find(stream.name, eventId(stream.name, id, index), id)
      if (!event) break
      known = { actor: event.actor, digest: event.digest, revision: event.revision, position: event.position }
    }
    if (mailbox.epoch === epoch) item.before = known
  }

  return Object.assign(attempt, { counts })
}

const ready = (): void => {}
const nothingFound = {}

/**
 * The command with who asks and when. Those three stand first, since a property behind a spread costs thirty times as much
 * as one before it, and are set again, so that no command can say them itself.
 */
const askedOf = ({ command, by }: Order, at: number, digest: string): AnyAsked => {
  const asked = { by, at, digest, ...command }
  asked.by = by
  asked.at = at
  asked.digest = digest
  return asked
}

/**
 * After a lost append always: an id of somebody else's that fell out of the window is not seen before, and its event
 * is a conflict then.
 */
const mustAskLog = (stream: Stream, { tries, order }: Item): boolean =>
  stream.durable >= 0 && (tries > 0 || mayHavePassed(stream.ids, order.by, order.command.id))

/** The state becomes what it will be once the events are written: the next command is decided on that. */
const takeEffect = (
  stream: Stream,
  { order, digest = '' }: Item,
  asked: AnyAsked,
  events: readonly DomainEvent[],
): [Ending, NewEvent[]] => {
  const { command, by, session, trace } = order
  const { at } = asked
  const written = events.map((event, index): NewEvent => {
    const { type, data } = event
    evolve(stream.aggregate, { type, data, by, at, digest } as Happened<DomainEvent>)
    const { schema } = eventSchemas[type]
    const id = eventId(stream.name, command.id, index)
    const json = JSON.stringify(data)
    // Field by field, with `trace` at the end: a spread in the middle costs more than all the rest.
    const plain = { id, type, schema, actor: by, session, command: command.id, digest, at, json }
    return trace === undefined ? plain : { ...plain, trace }
  })
  stream.revision += written.length
  stream.at = at
  const known: Known = { actor: by, digest, revision: stream.revision, position: undefined }
  remember(stream.ids, command.id, known)
  return [{ kind: 'effect', known }, written]
}

/** Whether an id is stamped more than so many milliseconds after `now`. */
const aheadOf = (most: number): ((id: Ulid, now: number) => boolean) => {
  // The greatest id that was not, and when: spares reading the time of every id as long as the clock goes on.
  let greatest = ''
  let since = Number.POSITIVE_INFINITY
  return (id, now) => {
    if (id <= greatest && now >= since) return false
    if (timeOf(id) - now > most) return true
    greatest = id
    since = now
    return false
  }
}
