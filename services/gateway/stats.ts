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
  failures: number
}
export type GatewayStats = Readonly<Counters> & {
  readonly sockets: number
  readonly signedIn: number
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
  failures: 0,
})
