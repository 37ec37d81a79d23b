import type { HeldLog, Projecting, RunningProjections } from '@verbatim/projections/projector'
import { openLogReader } from '@verbatim/services/event-log'
import { knownModel, openToServe } from '../models.ts'

/** What a rebuild asks of the projections that run in this thread. */
export const projectingOn = (running: RunningProjections, logFile: string): Projecting => ({
  beside: async (projection, file) => running.beside(projection, openToServe(knownModel(projection), file)),
  still: (projection) => running.still(projection, () => heldLog(logFile)),
  goOn: async (projection) => running.goOn(projection),
  takeOver: (projection) => running.takeOver(projection),
  discard: (projection) => running.discard(projection),
})

const heldLog = (file: string): HeldLog => {
  const reader = openLogReader(file)
  reader.hold()
  return {
    log: reader.log,
    head: async () => reader.head(),
    readAll: async (after, limit) => reader.readAll(after, limit),
    follow: () => ({ ended: new Promise(() => {}), close: async () => {} }),
    close: () => reader.close(),
  }
}
