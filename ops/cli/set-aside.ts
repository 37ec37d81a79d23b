import { existsSync } from 'node:fs'
import { openModelReader, type Place } from '@verbatim/projections/projector'
import type { KnownModel } from '../embedded/models.ts'

/** A stream that a projection could not go on with: the event that failed, why, and what waits behind it. */
export type DeadLetter = Place & {
  readonly projection: string
  readonly reason: string
  /** Positions. */
  readonly waiting: readonly number[]
}

/** What the model has set aside, in the order of the log. */
export const deadLettersOf = async (folder: string, model: KnownModel): Promise<DeadLetter[]> => {
  const file = model.file(folder)
  if (!existsSync(file)) return []
  const reader = await openModelReader(file, 0)
  try {
    const letters = new Map<string, DeadLetter & { waiting: number[] }>()
    for (const { reason, ...place } of reader.setAside()) {
      const failed = letters.get(place.stream)
      if (failed) failed.waiting.push(place.position)
      else letters.set(place.stream, { ...place, projection: model.name, reason: reason ?? '', waiting: [] })
    }
    return [...letters.values()]
  } finally {
    reader.close()
  }
}
