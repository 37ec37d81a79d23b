/** Closes what was opened, in reverse order. */
export interface Lifetime {
  /** Opens a part and remembers how to close it. */
  add(name: string, close: () => unknown): void
  /** Each part gets its turn even when one before it fails. Repeats wait for the first. */
  end(): Promise<void>
}

/**
 * @param failed told of a part that could not be closed
 */
export const lifetime = (failed: (name: string, error: unknown) => void): Lifetime => {
  const parts: { name: string; close: () => unknown }[] = []
  let ending: Promise<void> | undefined
  const closeAll = async () => {
    for (const { name, close } of parts.reverse()) {
      try {
        await close()
      } catch (error) {
        failed(name, error)
      }
    }
  }
  return {
    add: (name, close) => {
      parts.push({ name, close })
    },
    end: () => {
      ending ??= closeAll()
      return ending
    },
  }
}
