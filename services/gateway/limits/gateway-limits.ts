import { type Command, limits, type UserId } from '@verbatim/protocol'
import { buckets } from './buckets.ts'
import { windows } from './windows.ts'

/** Every answer is 0, or the seconds after which it may be tried again. */
export interface GatewayLimits {
  command(user: UserId, command: Command): number
  signUp(address: string): number
  signIn(handle: string, address: string): number
  /** Signing in with the right password is no attempt to guess it. */
  signedIn(handle: string, address: string): void
  /** To sign in by a provider: each makes this server ask it. */
  attempt(address: string): number
  /** Frames of one socket. */
  frame(socket: object): number
  readonly socketsPerUser: number
  sweep(): void
}

/** Beside those of the protocol: what one address may do for all accounts, and frames of any type. */
const WIDER = {
  signUps: { attempts: 20, within: 60 * 60_000 },
  signInsOfAddress: { attempts: 50, within: 5 * 60_000 },
  attempts: { attempts: 50, within: 5 * 60_000 },
  frames: { perSecond: 50, burst: 200 },
} as const

export const gatewayLimits = (on: boolean, now: () => number): GatewayLimits => (on ? limiting(now) : unlimited)

const limiting = (now: () => number): GatewayLimits => {
  const sends = buckets<string>({ perSecond: limits.sendPerSecond, burst: limits.sendBurst }, now)
  const marks = buckets<string>({ perSecond: 1_000 / limits.markReadEvery, burst: 1 }, now)
  const frames = buckets<object>(WIDER.frames, now)
  const requests = windows(limits.friendRequests, now)
  const signUps = windows(WIDER.signUps, now)
  const accounts = windows(limits.signIn, now)
  const attempts = windows(WIDER.attempts, now)
  const addresses = windows(WIDER.signInsOfAddress, now)
  return {
    command(user, command) {
      if (command.type === 'MarkRead') return marks.take(`${user}${command.conversation}`)
      if (command.type === 'RequestFriend') return requests.take(user)
      return sends.take(user)
    },
    signUp: (address) => signUps.take(network(address)),
    signIn: (handle, address) => addresses.take(network(address)) || accounts.take(handle),
    signedIn(handle, address) {
      accounts.giveBack(handle)
      addresses.giveBack(network(address))
    },
    attempt: (address) => attempts.take(network(address)),
    frame: (socket) => frames.take(socket),
    socketsPerUser: limits.socketsPerUser,
    sweep() {
      for (const each of [sends, marks, frames]) each.sweep()
    },
  }
}

const unlimited: GatewayLimits = {
  command: () => 0,
  signUp: () => 0,
  signIn: () => 0,
  signedIn: () => undefined,
  attempt: () => 0,
  frame: () => 0,
  socketsPerUser: Number.POSITIVE_INFINITY,
  sweep: () => undefined,
}

/** Who has one IPv6 address has the 2^64 of its network. */
const network = (address: string): string =>
  address.includes('.') ? address : address.split(':').slice(0, 4).join(':')
