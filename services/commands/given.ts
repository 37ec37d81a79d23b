import type { Asked, Decider, Happened, Outcome, Reason, UserId } from '@verbatim/protocol'
import { ada, noon } from '@verbatim/protocol/examples'
import { expect } from 'vitest'

/**
 * Sentences about a decider: `given(groupStarted()).when(sendMessage(), eve).refuses('not-found')`. What happens is done
 * by Ada at noon unless it says otherwise: `from(bob, messageSent())`.
 */
export const sentences =
  <State, Command, Event extends object, Facts>(decider: Decider<State, Command, Event, Facts>, usual: Facts) =>
  (...events: readonly (Event | Happened<Event>)[]) => {
    const about = (facts: Facts) => ({
      when: (command: Command, by: UserId = ada, at = noon) => {
        const asked = { ...command, by, at, digest: digestOf(command) } as Asked<Command>
        return then(decider.decide(asked, stateAfter(decider, events), facts))
      },
    })
    return { ...about(usual), knowing: (facts: Partial<Facts>) => about({ ...usual, ...facts }) }
  }

export const from = <Event extends object>(by: UserId, event: Event, at = noon): Happened<Event> => ({
  ...event,
  by,
  at,
  digest: digestOf(event),
})

/** The digest that a command of these fields has here. */
export const digestOf = (content: unknown): string => JSON.stringify(content)

export const stateAfter = <State, Event extends object>(
  decider: Pick<Decider<State, never, Event, never>, 'initial' | 'evolve'>,
  events: readonly (Event | Happened<Event>)[],
): State => {
  let state = decider.initial
  for (const event of events)
    state = decider.evolve(state, hasCircumstances(event) ? event : from<Event>(ada, event as Event))
  return state
}

const hasCircumstances = <Event extends object>(event: Event | Happened<Event>): event is Happened<Event> =>
  'by' in event && 'at' in event && 'digest' in event

const then = <Event>(outcome: Outcome<Event>) => ({
  emits: (...events: Event[]) => expect(outcome).toEqual({ kind: 'accepted', events }),
  refuses: (reason: Reason) => expect(outcome).toMatchObject({ kind: 'refused', reason }),
  doesNothing: () => expect(outcome).toEqual({ kind: 'accepted', events: [] }),
})
