import { limits } from '@verbatim/protocol'
import type { Position } from '@verbatim/services/event-log'
import { machineTimers } from '../machine-timers.ts'
import type { GatewayParts } from '../parts.ts'

export type ToldParts = Pick<GatewayParts, 'published' | 'now' | 'timers'>

/** Milliseconds between two looks. */
const GLANCE = 2

/**
 * Waits until everything that a model knew has been told: what it is ahead of would come a second time, live, to a
 * socket that got it from the model and subscribed. `false` when that takes too long.
 */
export const toldUpTo = async (position: Position, { published, now, timers }: ToldParts): Promise<boolean> => {
  const { pause } = timers ?? machineTimers
  for (const until = now() + limits.readWait; published() < position; await pause(GLANCE))
    if (now() >= until) return false
  return true
}
