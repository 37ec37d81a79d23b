import type { Position } from '@verbatim/services/event-log'
import { feedOf, type ProjectedLog } from '../feed.ts'
import type { Progress } from '../port.ts'
import type { Model } from '../run-projections.ts'
import type { Voice } from '../voice.ts'

/** The log as it was at one moment. */
export type HeldLog = ProjectedLog & { close(): void }

/** A second model of a projection, run beside the one that serves until it takes its place. */
export interface SideBySide {
  /**
   * Runs a model beside the one that serves; nothing is told of it. Resolves when it has come as far.
   * @throws when there is one already, or it stands still before
   */
  beside(projection: string, model: Model): Promise<void>
  /**
   * Brings both to one moment of the log. They stand there until `goOn` or `takeOver`, not for long: readers wait.
   * @param moment called when both stand still
   * @returns where they stand
   */
  still(projection: string, moment: () => HeldLog): Promise<Position>
  goOn(projection: string): void
  /** What stands still goes on, with the second in the place of the first, which is closed. */
  takeOver(projection: string): Promise<void>
  /** Closes the second, if there is one. */
  discard(projection: string): Promise<void>
}

type Second = { readonly voice: Voice; release?: () => void }

export const sideBySide = (parts: {
  readonly serving: (projection: string) => Voice
  readonly replace: (projection: string, by: Voice) => void
  readonly start: (model: Model) => Voice
  readonly onProgress: (progress: Progress) => void
}): { readonly methods: SideBySide; close(): Promise<void> } => {
  const seconds = new Map<string, Second>()
  const second = (projection: string): Second => {
    const found = seconds.get(projection)
    if (!found) throw new Error(`no second model of ${projection} is there`)
    return found
  }
  const goOn = (projection: string): void => {
    const { release } = second(projection)
    delete second(projection).release
    release?.()
  }
  const discard = async (projection: string): Promise<void> => {
    if (!seconds.has(projection)) return
    goOn(projection)
    const { voice } = second(projection)
    seconds.delete(projection)
    await voice.projector.close()
  }

  const methods: SideBySide = {
    async beside(projection, model) {
      if (seconds.has(projection)) throw new Error(`a second model of ${projection} is there already`)
      const voice = parts.start(model)
      seconds.set(projection, { voice })
      // Where the log is never at rest, the end of it is where the other one is.
      const isThere = ({ state, position }: Progress): boolean =>
        state !== 'catching-up' || position >= parts.serving(projection).position()
      const { state, reason } = await voice.until(isThere)
      if (state === 'live' || state === 'catching-up') return
      await discard(projection)
      throw new Error(`the new model of ${projection} stands still: ${reason ?? state}`)
    },
    still: (projection, moment) =>
      new Promise((resolve, reject) => {
        const pair = second(projection)
        standing(parts.serving(projection), pair.voice, moment, (position) => {
          resolve(position)
          // Given up meanwhile.
          if (seconds.get(projection) !== pair) return Promise.resolve()
          return new Promise((release) => {
            pair.release = release
          })
        }).catch(reject)
      }),
    goOn,
    async takeOver(projection) {
      const { voice, release } = second(projection)
      if (!release) throw new Error(`${projection} does not stand still`)
      const first = parts.serving(projection)
      // Before either moves: who hears of a position may ask for it, and is answered from the second from now on.
      first.hush()
      voice.tell(parts.onProgress)
      parts.replace(projection, voice)
      seconds.delete(projection)
      release()
      await first.projector.close()
    },
    discard,
  }
  return {
    methods,
    close: async () => {
      for (const projection of seconds.keys()) await discard(projection)
    },
  }
}

/**
 * The moment is taken when both stand still already: an event that either of them did not find, since a later one of its
 * compacted stream had replaced it, has its replacement before that moment, and both take it on the way there.
 */
const standing = (
  first: Voice,
  second: Voice,
  moment: () => HeldLog,
  work: (position: Position) => Promise<void>,
): Promise<void> =>
  second.projector.still((other) =>
    first.projector.still(async (one) => {
      const log = moment()
      try {
        const feed = feedOf(log)
        for (const model of [other, one])
          for (let batch = await feed.read(model.position()); batch.length > 0; ) {
            await model.take(batch)
            batch = await feed.read(model.position())
          }
      } finally {
        log.close()
      }
      if (one.position() !== other.position())
        throw new Error(`the models stand at ${one.position()} and ${other.position()} of one log`)
      await work(one.position())
    }),
  )
