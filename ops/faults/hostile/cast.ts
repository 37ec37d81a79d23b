import { type ConversationId, directConversation, type Ulid, type UserId, ulids } from '@verbatim/protocol'
import { ada, adaAndBob, bob, cleo, eve, noon, tea } from '@verbatim/protocol/examples'
import type { Dice } from './dice.ts'

/** Who there is on the server under attack, in place of the cast of the examples. */
export type Cast = {
  readonly attacker: UserId
  readonly accomplice: UserId
  /** People who have nothing to do with it, and what they talk in. */
  readonly bystanders: readonly [UserId, UserId]
  readonly theirs: ConversationId
  /** A group of the attacker. */
  readonly group: ConversationId
  readonly token: string
}

/** An example with the people and conversations that there are; once in eight times with those of the bystanders. */
export const castIn = <T>(dice: Dice, example: T, cast: Cast): T => {
  const mine = !dice.once(8)
  const there: readonly (readonly [string, string])[] = [
    [ada, mine ? cast.attacker : cast.bystanders[0]],
    [bob, mine ? cast.accomplice : cast.bystanders[1]],
    [cleo, cast.bystanders[0]],
    [eve, cast.bystanders[1]],
    [tea, mine ? cast.group : cast.theirs],
    [adaAndBob, mine ? directConversation(cast.attacker, cast.accomplice) : cast.theirs],
  ]
  return JSON.parse(there.reduce((text, [before, now]) => text.replaceAll(before, now), JSON.stringify(example)))
}

/** Ids that the seed repeats. */
export const mintOf = (dice: Dice): (() => Ulid) =>
  ulids(
    () => noon,
    (into) => {
      for (let at = 0; at < into.length; at++) into[at] = dice.below(32)
    },
  )
