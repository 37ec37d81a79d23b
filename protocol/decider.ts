import type { UserId } from './ids.ts'
import type { Reason } from './refusals.ts'

/** What a decision ends with. `accepted` with no events: it is so already, there was nothing to do. */
export type Outcome<Event> =
  | { readonly kind: 'accepted'; readonly events: readonly Event[] }
  | { readonly kind: 'refused'; readonly reason: Reason; readonly detail?: string }

/** What the loop knows of a command or an event beside its content. */
export type Circumstances = {
  /** Who asks, or who did it. */
  readonly by: UserId
  /** Milliseconds since the epoch by the server's clock; never earlier than what happened before in the stream. */
  readonly at: number
  /** Of the command's content. Lets a state recognise what was said without keeping the words. */
  readonly digest: string
}
export type Asked<Command> = Command & Circumstances
export type Happened<Event> = Event & Circumstances

/**
 * The whole behaviour of an aggregate as two pure functions: no clock, no chance, no I/O.
 * `facts` are what the decision needs beyond its own stream; the loop loads them first.
 */
export interface Decider<State, Command, Event, Facts = undefined> {
  readonly initial: State
  decide(command: Asked<Command>, state: State, facts: Facts): Outcome<Event>
  /** Total over every event of the stream. May change `state` in place and return it: the loop owns it. */
  evolve(state: State, event: Happened<Event>): State
}

export const accept = <Event>(...events: Event[]): Outcome<Event> => ({ kind: 'accepted', events })
export const nothingToDo: Outcome<never> = { kind: 'accepted', events: [] }
export const refuse = (reason: Reason, detail?: string): Outcome<never> =>
  detail === undefined ? { kind: 'refused', reason } : { kind: 'refused', reason, detail }
