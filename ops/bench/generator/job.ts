/** What the generator is told to do. Sockets are named by their index in `tokens`. */
export type Job = {
  readonly url: string
  /** One socket each: the access token of its hello. */
  readonly tokens: readonly string[]
  readonly conversations: readonly { readonly id: string; readonly senders: number[]; readonly members: number[] }[]
  readonly seconds: number
  readonly warmUpSeconds: number
} & (
  | {
      /** Closed loop: a slot frees when its message is acknowledged and every member has it. */
      readonly kind: 'flow'
      readonly inFlight: number
    }
  | {
      /** Open loop: messages leave when they are due, whatever came back. */
      readonly kind: 'latency'
      /** Messages a second over all conversations. */
      readonly rate: number
    }
  | { readonly kind: 'idle' }
)

export type Result = {
  /** Messages acknowledged and delivered to all, a second. */
  readonly messages: number
  /** Events that arrived at any socket, a second. */
  readonly deliveries: number
  /** Milliseconds from when the send was due (open loop) or made to its acknowledgement, sorted. */
  readonly latencies: readonly number[]
  /** What was wrong: a gap, a double, an inversion, a lost message. Empty, or the run has no score. */
  readonly violations: readonly string[]
  /** Share of one core that the generator itself took. */
  readonly cpu: number
  /** Every acknowledged message id by conversation, in the order of their revisions. */
  readonly acknowledged: Readonly<Record<string, readonly string[]>>
}
