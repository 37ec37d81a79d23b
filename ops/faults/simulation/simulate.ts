import { judge, judgeSights } from './judge.ts'
import { play } from './play.ts'
import { worldOf } from './world.ts'

export type Outcome = {
  readonly seed: number
  /** What is wrong, in words. */
  readonly wrong: readonly string[]
  /** Of everything that happened, in order. */
  readonly hash: string
  readonly entries: number
  readonly events: number
  readonly starts: number
  /** Milliseconds of its own time. */
  readonly lasted: number
}

/** One run, from a seed. */
export const simulate = async (seed: number, told?: (line: string) => void): Promise<Outcome> => {
  const world = worldOf(seed, told)
  await play(world)
  const isAtRest = world.wrong.length === 0
  world.wrong.push(...(isAtRest ? await judge(world) : judgeSights(world)))
  const { time, disk, server, wrong } = world
  for (const device of world.devices) device.close()
  server.db.close()
  return {
    seed,
    wrong,
    hash: time.hash(),
    entries: time.happened(),
    events: disk.events.length,
    starts: server.starts(),
    lasted: time.now(),
  }
}
