import { InvalidArgumentError } from 'commander'

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/**
 * A moment as an operator writes it, in milliseconds since the epoch: `2026-11-25`, `2026-11-25T08:30:00Z`, or `90m`
 * for as long ago (s, m, h, d).
 */
export const momentOf =
  (now: () => number) =>
  (text: string): number => {
    const [, count, unit] = /^(\d+)([smhd])$/.exec(text) ?? []
    if (count !== undefined && unit !== undefined) return now() - Number(count) * UNITS[unit as keyof typeof UNITS]
    const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN
    if (Number.isNaN(at))
      throw new InvalidArgumentError('write a time such as 2026-11-25T08:30:00Z, or 90m for as long ago')
    return at
  }

/** A whole number from `least` up. */
export const numberFrom =
  (least: number) =>
  (text: string): number => {
    if (!/^\d{1,15}$/.test(text) || Number(text) < least)
      throw new InvalidArgumentError(`write a whole number from ${least}`)
    return Number(text)
  }
