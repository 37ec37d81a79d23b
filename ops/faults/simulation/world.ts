import { cast } from './cast.ts'
import { type Device, deviceOf } from './device.ts'
import { type Disk, diskOf } from './disk.ts'
import { type Luck, luckOf } from './luck.ts'
import { type Members, membersIn } from './members.ts'
import { type Network, networkOf } from './network.ts'
import { type Seen, seenIn } from './seen.ts'
import { type Server, serverOf } from './server.ts'
import { type Time, virtualTime } from './time.ts'

/** Everything that there is in one run. */
export type World = {
  readonly time: Time
  readonly luck: Luck
  readonly disk: Disk
  readonly network: Network
  readonly seen: Seen
  readonly server: Server
  readonly devices: readonly Device[]
  readonly members: Members
  /** Another number for each text. */
  readonly words: () => number
  /** What is wrong already, in words. */
  readonly wrong: string[]
}

/** @param told hears of everything that happens */
export const worldOf = (seed: number, told?: (line: string) => void): World => {
  const time = virtualTime(told)
  const luck = luckOf(seed)
  const wrong: string[] = []
  const disk = diskOf({ time, luck, seed })
  const network = networkOf({ time, luck })
  const seen = seenIn(time)
  network.onSent(seen.sent)
  const server = serverOf({ time, luck, disk, network, failed: (what) => wrong.push(`failed: ${what}`) })
  const [first] = cast
  // The first has two devices.
  const owners = first ? [...cast, first] : cast
  const devices = owners.map((person, n) => deviceOf(`${person.handle} ${n}`, person, { time, luck, network, seen }))
  let said = 0
  return { time, luck, disk, network, seen, server, devices, members: membersIn(disk), words: () => ++said, wrong }
}
