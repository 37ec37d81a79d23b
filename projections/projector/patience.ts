/** Milliseconds between tries: longer each time, up to a second. */
const SHORTEST = 10
const LONGEST = 1_000

/** Repeats work that fails for a reason which will pass. */
export type Patience = <T>(work: () => Promise<T>, isPassing: (error: unknown) => boolean) => Promise<T>

/**
 * @param parts.isOver when it is, the next failure is thrown, whatever it is
 * @param parts.onWait hears why before each pause, and undefined once it works again
 */
export const patience =
  (parts: {
    readonly pause: (milliseconds: number) => Promise<unknown>
    readonly isOver: () => boolean
    readonly onWait: (reason: string | undefined) => void
  }): Patience =>
  async (work, isPassing) => {
    for (let wait = SHORTEST; ; wait = Math.min(wait * 2, LONGEST)) {
      try {
        const done = await work()
        if (wait > SHORTEST) parts.onWait(undefined)
        return done
      } catch (error) {
        if (parts.isOver() || !isPassing(error)) throw error
        parts.onWait(reasonOf(error))
        await parts.pause(wait)
      }
    }
  }

export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
