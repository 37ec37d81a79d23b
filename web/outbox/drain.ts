import type { Answer, ConversationId } from '@verbatim/protocol'
import { answered, type Item, isPassing, lanes, nextOf, type Queue } from './queue.ts'
import type { OutboxStore } from './store.ts'

export interface DrainPorts {
  readonly load: () => Promise<Queue>
  readonly send: (item: Item) => Promise<Answer>
  /** What became of an item, written down before the next one goes. */
  readonly settle: (item: Item, outcome: Item | undefined, answer: Answer) => Promise<void>
  /** Resolves when something was queued, here or in another tab. */
  readonly news: () => Promise<void>
  readonly pause: (ms: number) => Promise<void>
}

/**
 * Sends what is queued, each conversation in its order, until nothing is left or the connection breaks. Whoever
 * calls it holds the lock of the outbox: two drainers would turn the order.
 */
export const drain = async (ports: DrainPorts): Promise<void> => {
  const busy = new Map<ConversationId, Promise<void>>()
  let broken = false
  const start = (queue: Queue): void => {
    for (const lane of lanes(queue)) {
      if (busy.has(lane)) continue
      busy.set(
        lane,
        drainLane(lane, ports)
          .catch(() => {
            broken = true
          })
          .finally(() => busy.delete(lane)),
      )
    }
  }
  start(await ports.load())
  while (busy.size > 0) {
    // A conversation that waits out a "too fast" does not hold up what is queued for the others meanwhile.
    await Promise.race([...busy.values(), ports.news()])
    if (!broken) start(await ports.load())
  }
}

const drainLane = async (lane: ConversationId, ports: DrainPorts): Promise<void> => {
  for (;;) {
    const queue = await ports.load()
    const item = nextOf(queue, lane)
    if (item === undefined) return
    const answer = await ports.send(item)
    if (answer.kind === 'refused' && isPassing(answer.reason)) {
      await ports.pause((answer.retryAfter ?? 1) * 1_000)
      continue
    }
    await ports.settle(item, answered([item], answer)[0], answer)
  }
}

/** Writes an outcome to the store: sent and refused acts leave it, a failed message stays for the person to decide. */
export const writeOutcome = (store: OutboxStore, user: Parameters<OutboxStore['put']>[0]) => {
  return (item: Item, outcome: Item | undefined): Promise<void> =>
    outcome?.state === 'failed' ? store.put(user, outcome) : store.remove(user, item.command.id)
}
