import { chanceOf } from '../load.ts'

/** Chance that a seed repeats. */
export interface Dice {
  /** From 0 up to `n`, without it. */
  below(n: number): number
  /** @throws when there is nothing to choose from */
  pick<T>(of: readonly T[]): T
  /** True once in so many times. */
  once(inSo: number): boolean
}

export const diceOf = (seed: number): Dice => {
  const chance = chanceOf(seed)
  const below = (n: number) => Math.floor(chance() * n)
  return {
    below,
    pick(of) {
      const place = below(of.length)
      if (place >= of.length) throw new Error('there is nothing to choose from')
      return of[place] as (typeof of)[number]
    },
    once: (inSo) => below(inSo) === 0,
  }
}
