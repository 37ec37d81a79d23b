/** Something open that is asked by its methods. */
export type Opened<S> = { readonly methods: S; close(): void }

/** Serves one thing in the place of another, while it is asked. */
export interface Replaceable<S> {
  /** Asks whichever serves. Its methods stand alone. */
  readonly methods: S
  prepare(next: Opened<S>): void
  /** In one turn: later calls ask the next one. The one before is closed when its last answer is given. */
  turn(): void
  /** Closes what was prepared and did not get its turn. */
  discard(): void
}

type Asked<S> = Opened<S> & { asked: number }

export const replaceable = <S extends object>(first: Opened<S>): Replaceable<S> => {
  let serving: Asked<S> = { ...first, asked: 0 }
  let next: Opened<S> | undefined
  const ask = async (method: string, args: readonly unknown[]): Promise<unknown> => {
    const mine = serving
    mine.asked++
    try {
      const run: unknown = Reflect.get(mine.methods, method)
      if (typeof run !== 'function') throw new TypeError(`no method ${method} is served`)
      return await run(...args)
    } finally {
      mine.asked--
      if (mine !== serving && mine.asked === 0) mine.close()
    }
  }
  const methods = Object.fromEntries(
    Object.keys(first.methods).map((method) => [method, (...args: unknown[]) => ask(method, args)]),
  ) as S
  return {
    methods,
    prepare(opened) {
      next?.close()
      next = opened
    },
    turn() {
      if (!next) throw new Error('nothing was prepared')
      const before = serving
      serving = { ...next, asked: 0 }
      next = undefined
      if (before.asked === 0) before.close()
    },
    discard() {
      next?.close()
      next = undefined
    },
  }
}
