import type { TalliesNow } from './tallies.ts'

/** What happened since the start. */
export type Counters = {
  commands: number
  /** Frames of later versions, and about what is not one's own. */
  passedOver: number
  malformed: number
  tooFast: number
  /** Sockets that asked for what they had missed. */
  resumed: number
  /** Of those, how many have not been sent everything yet. */
  resuming: number
  /** Conversations that a client was told to read afresh. */
  resets: number
  /** Frames published, and to how many sockets altogether. */
  published: number
  delivered: number
  failures: number
}
export type GatewayStats = Readonly<Counters> &
  TalliesNow & {
    readonly sockets: number
    readonly signedIn: number
    /** With at least one socket that is signed in. */
    readonly people: number
    /** Sockets that take less than they are sent at the moment. */
    readonly lagging: number
    /** Commands without an answer yet. */
    readonly openCommands: number
  }

export const counters = (): Counters => ({
  commands: 0,
  passedOver: 0,
  malformed: 0,
  tooFast: 0,
  resumed: 0,
  resuming: 0,
  resets: 0,
  published: 0,
  delivered: 0,
  failures: 0,
})
