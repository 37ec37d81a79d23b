import type { PeopleSearch } from '@verbatim/projections/search'
import type { SocialGraph } from '@verbatim/projections/social-graph'
import type { Timelines } from '@verbatim/projections/timelines'
import type { Ulid } from '@verbatim/protocol'
import type { CommandBus } from '@verbatim/services/command-bus'
import type { Position } from '@verbatim/services/event-log'
import type { Identity } from '@verbatim/services/identity'
import type { Live } from '@verbatim/services/live'
import type { SocketAdapter } from './sockets/port.ts'

export type Model = 'timelines' | 'social-graph' | 'people'

/** Where errors and the few things worth knowing are written. No text of a message, no token and no cookie goes here. */
export interface Log {
  info(fields: object, text: string): void
  warn(fields: object, text: string): void
  error(fields: object, text: string): void
}

export type GatewaySettings = {
  /** `http://localhost:PORT` when it is left out. With https the cookies are Secure. */
  readonly publicUrl?: string | undefined
  readonly allowedOrigins: readonly string[]
  /** `false` lifts the rate limits; sizes and depths stay. */
  readonly limits: boolean
  /** Whether a proxy of ours sets X-Forwarded-For. */
  readonly trustProxy: boolean
  /** Lets whoever shows it as bearer read the figures from elsewhere than this machine. */
  readonly metricsToken?: string | undefined
}

/** What the gateway asks of its neighbours, and no more. */
export type GatewayIdentity = Pick<
  Identity,
  | 'register'
  | 'login'
  | 'byProvider'
  | 'refresh'
  | 'logout'
  | 'verify'
  | 'hasEnded'
  | 'sessions'
  | 'endSession'
  | 'onEnded'
>
export type GatewayTimelines = Omit<Timelines, 'messageFact' | 'isReadable'>
export type GatewaySocialGraph = Pick<
  SocialGraph,
  'me' | 'person' | 'people' | 'friends' | 'requests' | 'blocked' | 'conversation' | 'preferences'
>

export interface Timers {
  pause(milliseconds: number): Promise<unknown>
  /** Runs again and again until the returned function is called. */
  every(milliseconds: number, run: () => void): () => void
}

/** What the gateway is made of: it knows sockets and asks everything else. */
export type GatewayParts = {
  readonly sockets: SocketAdapter
  readonly identity: GatewayIdentity
  readonly bus: CommandBus
  readonly live: Live
  /** Position after which `live` tells everything: a model that is behind it may lack what nobody will tell any more. */
  readonly liveAfter: Position
  /** Position up to which `live` has told everything. A model, which reads the log by itself, may be ahead of it. */
  published(): Position
  readonly timelines: GatewayTimelines
  readonly socialGraph: GatewaySocialGraph
  readonly people: PeopleSearch
  /** Whether all of these models have come to `position` within so many milliseconds. */
  reached(models: readonly Model[], position: Position, within: number): Promise<boolean>
  /** Milliseconds for the last frames to be read before the sockets are cut; 300 when it is left out. */
  readonly goodbye?: number
  /** Milliseconds since the epoch. */
  now(): number
  /** The machine's when they are left out. */
  readonly timers?: Timers
  ids(): Ulid
  /** Of the event log, changed by a restore. */
  readonly logId: string
  readonly settings: GatewaySettings
  /** The built client; without it only the API is served. */
  readonly clientFolder?: string | undefined
  readonly log: Log
  /** Figures in the text format of Prometheus, for `/metrics`. */
  metrics(): Promise<string>
  /** State of the parts, for `/ready`: which is not ready and why. Answers within about a second. */
  ready(): Promise<{ readonly ready: boolean; readonly parts: Readonly<Record<string, unknown>> }>
}
