import type { Position } from '@verbatim/services/event-log'
import type { Progress } from './port.ts'
import type { Projector } from './projector.ts'

/** A projector whose news somebody hears, or nobody. */
export interface Voice {
  readonly projector: Projector
  /** Of its last news. */
  position(): Position
  /** Tells its last news at once, and all that come. */
  tell(listener: (progress: Progress) => void): void
  hush(): void
  /** Resolves with the first news that are so. */
  until(is: (progress: Progress) => boolean): Promise<Progress>
}

export const voiced = (start: (hear: (progress: Progress) => void) => Projector): Voice => {
  const waiting = new Set<(progress: Progress) => void>()
  let last: Progress | undefined
  let listener: ((progress: Progress) => void) | undefined
  const projector = start((progress) => {
    last = progress
    listener?.(progress)
    for (const hear of waiting) hear(progress)
  })
  return {
    projector,
    position: () => last?.position ?? 0,
    tell(to) {
      listener = to
      if (last) to(last)
    },
    hush() {
      listener = undefined
    },
    until: (is) =>
      new Promise((resolve) => {
        const hear = (progress: Progress): void => {
          if (!is(progress)) return
          waiting.delete(hear)
          resolve(progress)
        }
        waiting.add(hear)
        if (last) hear(last)
      }),
  }
}
