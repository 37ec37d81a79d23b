import type { Reason } from './refusals.ts'

/** What a decision ends with. `accepted` with no events: it is so already, there was nothing to do. */
export type Outcome<Event> =
  | { readonly kind: 'accepted'; readonly events: readonly Event[] }
  | { readonly kind: 'refused'; readonly reason: Reason; readonly detail?: string }

/**
 * The whole behaviour of an aggregate as two pure functions: no clock, no chance, no I/O.
 * `facts` are what the decision needs beyond its own stream; the loop loads them first.
 */
export interface Decider<State, Command, Event, Facts = undefined> {
  readonly initial: State
  decide(command: Command, state: State, facts: Facts): Outcome<Event>
  /** Total over every event of the stream. May change `state` in place and return it: the loop owns it. */
  evolve(state: State, event: Event): State
}

export const accept = <Event>(...events: Event[]): Outcome<Event> => ({ kind: 'accepted', events })
export const nothingToDo: Outcome<never> = { kind: 'accepted', events: [] }
export const refuse = (reason: Reason, detail?: string): Outcome<never> =>
  detail === undefined ? { kind: 'refused', reason } : { kind: 'refused', reason, detail }
