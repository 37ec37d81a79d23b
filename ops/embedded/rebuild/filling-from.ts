import {
  compareModels,
  type Filled,
  type Filling,
  fillModels,
  finishModel,
  type ModelReader,
  modelVersion,
  openModelReader,
  unfinished,
} from '@verbatim/projections/projector'
import type { LogReader } from '@verbatim/services/event-log'
import { knownModel } from '../models.ts'

/**
 * Fills and compares models in this thread, at its own pace.
 * @param parts.stopped ends a filling, which then rejects
 */
export const fillingFrom = (parts: {
  readonly log: LogReader
  readonly onProgress: (filled: Filled) => void
  readonly stopped: AbortSignal
}): Filling => {
  const { log, onProgress, stopped } = parts
  const opened = new Map<string, readonly [serving: ModelReader, filled: ModelReader]>()
  const pair = (projection: string): readonly [ModelReader, ModelReader] => {
    const found = opened.get(projection)
    if (!found) throw new Error(`no models of ${projection} are open`)
    return found
  }
  return {
    versionOf: async (file) => modelVersion(file),
    async fill(jobs) {
      await fillModels({
        models: jobs.map(({ projection, file }) => knownModel(projection).open(unfinished(file), 'filling')),
        log: {
          log: log.log,
          head: async () => log.head(),
          readAll: async (after, limit) => log.readAll(after, limit),
        },
        onProgress,
        stopped,
      })
      for (const { file } of jobs) finishModel(file)
    },
    async open(projection, serving, filled) {
      opened.set(projection, [await openModelReader(serving, 0), await openModelReader(filled, 0)])
    },
    async look(projection) {
      for (const model of pair(projection)) model.hold()
    },
    async compare(projection) {
      const [serving, filled] = pair(projection)
      try {
        return compareModels(serving, filled, knownModel(projection).exports)
      } finally {
        opened.delete(projection)
        serving.close()
        filled.close()
      }
    },
  }
}
