import { setTimeout as sleep } from 'node:timers/promises'
import { type Answer, type Order, type Reason, refusal } from '@verbatim/protocol'
import { LogUnavailable } from '@verbatim/services/event-log'
import { appending } from './appending.ts'
import { attempts } from './attempt.ts'
import { digestUnder } from './digest.ts'
import { lookups } from './lookups.ts'
import { type Mailbox, mailboxes } from './mailbox.ts'
import { isNotYet } from './not-yet.ts'
import type { CommandHandler, CommandHandlerOptions } from './port.ts'
import { routeOf } from './route.ts'
import type { Decided, Item } from './stream.ts'

/** Tries of one command against a log that conflicts or fails, and the pause behind each failure in milliseconds. */
const TRIES = 5
const PAUSES = [20, 100, 300, 600]
/** Milliseconds after which a failure is told at once: behind a log that is down, a long queue must not be tried one by one. */
const PATIENCE = 1_500

/**
 * The loop: takes commands in order of arrival, loads what they are about, answers repeats, decides the others and
 * appends. The commands of one key go one after another, each decided on the state as it will be once those before it
 * are written; no answer leaves before that.
 */
export const commandHandler = (options: CommandHandlerOptions): CommandHandler => {
  const { log, now, messageFacts, groupMembers, report = () => {}, wait = sleep } = options
  const { mostUnanswered = 50_000, mostUnansweredPerKey = 5_000, cacheBytes = 64 * 1024 * 1024 } = options
  const counts = { accepted: 0, refused: 0 }
  const idle: (() => void)[] = []
  let number = 0
  let unanswered = 0
  let isClosing = false

  const answer = (mailbox: Mailbox, item: Item, given: Answer): void => {
    if (item.isAnswered) return
    item.isAnswered = true
    unanswered--
    mailbox.unanswered--
    counts[given.kind]++
    item.answer(given)
    if (mailbox.unanswered === 0) boxes.rest(mailbox)
    if (unanswered === 0) for (const tell of idle.splice(0)) tell()
  }

  const isSpent = ({ tries, cameAt }: Item): boolean => tries >= TRIES || now() - cameAt > PATIENCE

  const turnAway = (mailbox: Mailbox, item: Item, reason: Reason): void =>
    answer(mailbox, item, refused(item.order, reason))

  const boxes = mailboxes(log, cacheBytes)
  const append = appending({ log, snapshotEvery: options.snapshotEvery ?? 500, report, answer, onLost: decideAgain })
  const attempt = attempts({
    log,
    now,
    groupMembers,
    boxes,
    append,
    digest: digestUnder(options.digestKey),
    lookups: lookups(log, boxes, messageFacts, now),
  })

  const advance = (mailbox: Mailbox): void => {
    while (!mailbox.isBusy && !mailbox.lost) {
      const item = mailbox.waiting[0]
      if (!item) return
      const later = item.isAnswered ? undefined : tryOnce(mailbox, item)
      if (!later) {
        mailbox.waiting.shift()
        continue
      }
      mailbox.isBusy = true
      later
        .catch((error) => giveUpOrWait(mailbox, item, error))
        .then(() => {
          mailbox.isBusy = false
          advance(mailbox)
        })
    }
  }

  const tryOnce = (mailbox: Mailbox, item: Item): Promise<void> | undefined => {
    try {
      return attempt(mailbox, item)
    } catch (error) {
      // A fault of ours. The state may have been left half changed, so nothing that was decided on it is kept.
      report(error)
      turnAway(mailbox, item, 'unavailable')
      append.abandon(mailbox, error)
      return undefined
    }
  }

  const giveUpOrWait = async (mailbox: Mailbox, item: Item, error: unknown): Promise<void> => {
    const pause = PAUSES[item.tries++]
    report(error)
    if (!(error instanceof LogUnavailable) || error.diskFull || isSpent(item) || pause === undefined)
      turnAway(mailbox, item, reasonOf(error))
    else await wait(pause)
  }

  /** Everything behind a lost append, in order: first what had been decided, then what was still waiting. */
  function decideAgain(mailbox: Mailbox): void {
    const error = mailbox.lost?.error
    const again: Decided[] = []
    for (const stream of mailbox.streams.values()) {
      again.push(...stream.decided)
      for (const watcher of stream.watchers) watcher.tell(false)
    }
    again.sort((one, other) => one.item.number - other.item.number)
    mailbox.streams.clear()
    mailbox.epoch++
    for (const item of mailbox.waiting) forget(item)
    const items = again.map(({ item }) => item)
    for (const item of items) {
      forget(item)
      item.tries++
    }
    const isHopeless = error instanceof LogUnavailable && error.diskFull
    for (const item of items) if (isHopeless || isSpent(item)) turnAway(mailbox, item, reasonOf(error))
    mailbox.waiting.unshift(...items.filter((item) => !item.isAnswered))
    const pause = error instanceof LogUnavailable && !isHopeless ? PAUSES[(items[0]?.tries ?? 1) - 1] : undefined
    if (error instanceof Error) report(error)
    const goOn = () => {
      mailbox.lost = undefined
      advance(mailbox)
    }
    if (pause === undefined) queueMicrotask(goOn)
    else void wait(pause).then(goOn)
  }

  return {
    handle(order) {
      if (isNotYet(order)) return Promise.resolve(refused(order, 'not-yet'))
      if (isClosing || unanswered >= mostUnanswered) return Promise.resolve(refused(order, 'unavailable'))
      const route = routeOf(order)
      const mailbox = boxes.of(route.key)
      if (mailbox.unanswered >= mostUnansweredPerKey) return Promise.resolve(refused(order, 'unavailable'))
      unanswered++
      mailbox.unanswered++
      return new Promise((resolve) => {
        mailbox.waiting.push({
          number: number++,
          order,
          route,
          answer: resolve,
          cameAt: now(),
          digest: undefined,
          tries: 0,
          before: undefined,
          found: undefined,
          isAnswered: false,
        })
        advance(mailbox)
      })
    },
    stats() {
      const { keys, bytes } = boxes.size()
      return { unanswered, keys, cacheBytes: bytes, ...counts, repeats: attempt.counts.repeats, ...append.counts }
    },
    async close() {
      isClosing = true
      if (unanswered > 0) await new Promise<void>((resolve) => idle.push(resolve))
      await append.settled()
    },
  }
}

/** What was found out about a command before an append was lost may not be so any more. */
const forget = (item: Item): void => {
  item.before = undefined
  item.found = undefined
}

const refused = ({ command }: Order, why: Reason): Answer => {
  const { refused: reason, ...rest } = refusal(why)
  return { kind: 'refused', id: command.id, reason, ...rest }
}

const reasonOf = (error: unknown): Reason =>
  error instanceof LogUnavailable && error.diskFull ? 'disk-full' : 'unavailable'
