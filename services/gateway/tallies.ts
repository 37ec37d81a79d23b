import type { Answer, Reason } from '@verbatim/protocol'
import { type Counted, countedIn, histogram, memoryFor, tally } from '@verbatim/services/metrics'

/** What the gateway counts by a word: of commands, refusals, requests and sockets. */
export type TalliesNow = {
  /** Commands by their type. */
  readonly accepted: ReadonlyMap<string, number>
  readonly refused: ReadonlyMap<string, number>
  /** Over the socket and over HTTP, commands and all else. */
  readonly reasons: ReadonlyMap<Reason, number>
  /** HTTP answers by the hundred of their status: `2xx`. */
  readonly requests: ReadonlyMap<string, number>
  /** Sockets by why they closed: the reason told to them, or `gone` where the other side or the network ended it. */
  readonly closed: ReadonlyMap<string, number>
  /** Seconds from a command's arrival to its answer. */
  readonly seconds: Counted
}

export interface Tallies {
  /** @param milliseconds since the command came; left out where nobody was asked */
  answered(type: string, answer: Answer, milliseconds?: number): void
  refused(reason: Reason): void
  replied(status: number): void
  closed(why: string): void
  now(): TalliesNow
}

const SECONDS = [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

export const tallies = (): Tallies => {
  const accepted = tally<string>()
  const refused = tally<string>()
  const reasons = tally<Reason>()
  const requests = tally<string>()
  const closed = tally<string>()
  const memory = memoryFor(SECONDS)
  const took = histogram(SECONDS, memory)
  return {
    answered(type, { kind }, milliseconds) {
      if (kind === 'accepted') accepted.add(type)
      else refused.add(type)
      if (milliseconds !== undefined) took(milliseconds / 1_000)
    },
    refused: reasons.add,
    replied: (status) => requests.add(`${Math.trunc(status / 100)}xx`),
    closed: closed.add,
    now: () => ({
      accepted: accepted.all(),
      refused: refused.all(),
      reasons: reasons.all(),
      requests: requests.all(),
      closed: closed.all(),
      seconds: countedIn(SECONDS, memory),
    }),
  }
}
