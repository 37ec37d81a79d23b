import type { Timelines } from '@verbatim/projections/timelines'
import type { MessageFacts } from '@verbatim/services/commands'
import type { Position } from '@verbatim/services/event-log'
import { LogUnavailable } from '@verbatim/services/event-log'
import type { ReadModels } from './read-models.ts'

/** Milliseconds that a command waits for the timelines to come to where its conversation is. */
const PATIENCE = 2_000

/** What deciders ask about old messages, answered from the timelines once they have come far enough. */
export const messageFactsFrom = (timelines: Timelines, models: ReadModels): MessageFacts => {
  const come = async (notBefore: Position): Promise<void> => {
    if (!(await models.reached(['timelines'], notBefore, PATIENCE)))
      throw new LogUnavailable('the timelines are behind', 'no')
  }
  return {
    messageFact: async (conversation, message, notBefore) => {
      await come(notBefore)
      return (await timelines.messageFact(conversation, message)).value
    },
    isReadable: async (user, message, notBefore) => {
      await come(notBefore)
      return (await timelines.isReadable(user, message)).value
    },
  }
}
