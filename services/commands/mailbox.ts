import type { StreamName } from '@verbatim/protocol'
import { type EventLog, NO_STREAM } from '@verbatim/services/event-log'
import { type Aggregate, weigh } from './aggregates.ts'
import type { Key } from './route.ts'
import { durable, type Item, loadStream, type Stream } from './stream.ts'

/** Everything of one key: its streams, and the commands that wait for their turn, in order of arrival. */
export type Mailbox = {
  readonly key: Key
  readonly streams: Map<StreamName, Stream>
  readonly loading: Map<StreamName, Promise<Stream>>
  readonly waiting: Item[]
  /** The first of `waiting` is being provided with what it needs; the others stay behind it. */
  isBusy: boolean
  /** An append was lost, and with it all that was decided behind it. Nothing is decided until that is cleared away. */
  lost: { readonly error: unknown } | undefined
  /** Grows with every loss: what was found before it may not be so any more. */
  epoch: number
  unanswered: number
  weight: number
  /** Turns of rest since it was weighed. */
  rests: number
}

export type Mailboxes = {
  of(key: Key): Mailbox
  /** To be called when a mailbox may have come to rest: from then on it may be forgotten. */
  rest(mailbox: Mailbox): void
  load(mailbox: Mailbox, name: StreamName): Promise<Stream>
  /**
   * What a fact of another stream is, once all that it was decided on is durable.
   * Of a stream that is always being written to, too: what is read is copied now and the promise kept for it.
   */
  committed<T>(key: Key, name: StreamName, read: (aggregate: Aggregate) => T): Promise<T>
  size(): { readonly keys: number; readonly bytes: number }
}

/** A mailbox grows slowly: it is enough to weigh it now and then. */
const WEIGH_EVERY = 64

/** The states in memory, bounded by their weight; the ones that were used last stay. */
export const mailboxes = (log: EventLog, mostBytes: number): Mailboxes => {
  // A Map remembers the order of insertion: the first is the one that has rested longest.
  const all = new Map<Key, Mailbox>()
  let bytes = 0

  const of = (key: Key): Mailbox => {
    const there = all.get(key)
    if (there) return there
    const mailbox = emptyMailbox(key)
    all.set(key, mailbox)
    return mailbox
  }

  const load = (mailbox: Mailbox, name: StreamName): Promise<Stream> => {
    const loading = mailbox.loading.get(name)
    if (loading) return loading
    const promise = loadStream(log, name)
      .then((stream) => {
        mailbox.streams.set(name, stream)
        mailbox.rests = WEIGH_EVERY
        return stream
      })
      .finally(() => {
        mailbox.loading.delete(name)
        rest(mailbox)
      })
    mailbox.loading.set(name, promise)
    return promise
  }

  const rest = (mailbox: Mailbox): void => {
    if (!isAtRest(mailbox) || all.get(mailbox.key) !== mailbox) return
    all.delete(mailbox.key)
    all.set(mailbox.key, mailbox)
    if (++mailbox.rests < WEIGH_EVERY) return
    const weight = weightOf(mailbox)
    bytes += weight - mailbox.weight
    mailbox.weight = weight
    mailbox.rests = 0
    for (const oldest of all.values()) {
      if (bytes <= mostBytes) return
      if (!isAtRest(oldest)) continue
      all.delete(oldest.key)
      bytes -= oldest.weight
    }
  }

  return {
    of,
    rest,
    load,
    async committed(key, name, read) {
      for (;;) {
        const mailbox = of(key)
        const stream = mailbox.streams.get(name) ?? (await load(mailbox, name))
        const value = read(stream.aggregate)
        if (await durable(stream)) return value
      }
    },
    size: () => ({ keys: all.size, bytes }),
  }
}

const emptyMailbox = (key: Key): Mailbox => ({
  key,
  streams: new Map(),
  loading: new Map(),
  waiting: [],
  isBusy: false,
  lost: undefined,
  epoch: 0,
  unanswered: 0,
  weight: 0,
  rests: WEIGH_EVERY,
})

const isAtRest = (mailbox: Mailbox): boolean => mailbox.unanswered === 0 && mailbox.loading.size === 0

const weightOf = (mailbox: Mailbox): number => {
  let weight = 500
  for (const { aggregate, ids, revision } of mailbox.streams.values())
    weight +=
      500 + weigh(aggregate) + ids.window.size * 250 + ids.passed.size * 120 + (revision === NO_STREAM ? 0 : 100)
  return weight
}
