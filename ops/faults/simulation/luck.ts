import { chanceOf } from '../load.ts'

/** What a seed decides. */
export type Luck = ReturnType<typeof luckOf>

export const luckOf = (seed: number) => {
  const chance = chanceOf(seed)
  const below = (bound: number): number => Math.floor(chance() * bound)
  return {
    chance,
    below,
    /** So likely, from 0 to 1. */
    happens: (likely: number): boolean => chance() < likely,
    oneOf: <T>(all: readonly T[]): T | undefined => all[below(all.length)],
    /** Milliseconds up to `most`, more often few than many. */
    delay: (most: number): number => Math.floor(chance() ** 3 * most),
  }
}
