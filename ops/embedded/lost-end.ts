import { modelReached } from '@verbatim/projections/projector'
import type { Position } from '@verbatim/services/event-log'
import type { KnownModel } from './models.ts'

/**
 * Models read only what is on disk in the log, so one that has come further saw events that are not there any more. SQLite
 * drops the rest of a write-ahead log whose middle is spoilt without a word: this is where it shows.
 * @throws when the end of the log is lost
 */
export const refuseLostEnd = (
  models: readonly KnownModel[],
  { folder, log, head }: { readonly folder: string; readonly log: string; readonly head: Position },
): void => {
  for (const model of models) {
    const file = model.file(folder)
    const reached = modelReached(file)
    if (!reached || reached.log !== log || reached.position <= head) continue
    throw new Error(
      `the log ends at position ${head}, but ${model.name} has come to ${reached.position}: the events between are lost; restore a backup, or remove ${file} to go on without them`,
    )
  }
}
