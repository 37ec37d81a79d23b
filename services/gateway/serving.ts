import { hasBody, notUpgraded } from './http/answering.ts'
import { type HttpSide, httpSide } from './http/http-side.ts'
import type { GatewayLimits } from './limits/gateway-limits.ts'
import type { GatewayParts } from './parts.ts'
import { Connection } from './session/connection.ts'
import type { Connections } from './session/connections.ts'
import type { Conversing } from './session/conversing.ts'
import type { Orders } from './session/orders.ts'
import type { Edge, HttpAnswer, HttpRequest } from './sockets/port.ts'
import type { Counters } from './stats.ts'
import type { Tallies } from './tallies.ts'

export type ServingParts = GatewayParts & {
  readonly orders: Orders
  readonly limiter: GatewayLimits
  readonly everybody: Connections
  readonly counters: Counters
  readonly tallies: Tallies
  readonly talk: Conversing
}

/** The port that is listened on: what comes in over it, and how it ends. */
export interface Serving {
  readonly edge: Edge
  listen(host: string, port: number): Promise<number>
  stop(): Promise<void>
}

/** Sockets that have not said who they are. More than this is a flood, and nobody is kept waiting in it. */
const WAITING_AT_MOST = 10_000
/** Milliseconds for what is under way, and for the sockets to say goodbye. Together below the ten seconds promised. */
const ANSWER_WITHIN = 6_000
const CLOSE_WITHIN = 2_000
/** Milliseconds for the last frames to be read on the other side. */
const GOODBYE = 300

export const serving = (parts: ServingParts): Serving => {
  const { everybody, talk, orders } = parts
  let http: HttpSide | undefined
  let openRequests = 0
  let stopping = false

  const counted = (answer: HttpAnswer): HttpAnswer => {
    parts.tallies.replied(answer.status)
    return answer
  }
  const request = (asked: HttpRequest): HttpAnswer | Promise<HttpAnswer> => {
    const answer = http?.answer(asked) ?? unready
    if (!(answer instanceof Promise)) return counted(answer)
    openRequests++
    return answer.then(counted).finally(() => openRequests--)
  }
  const edge = parts.sockets.serve<Connection>({
    ...talk,
    request,
    upgrade(asked) {
      if (!http || stopping || everybody.waiting.size >= WAITING_AT_MOST) return { refuse: unready }
      if (hasBody(asked)) return { refuse: notUpgraded('body') }
      return http.origins.allows(asked)
        ? { accept: new Connection(parts.now()) }
        : { refuse: notUpgraded('wrong-origin') }
    },
  })

  return {
    edge,
    async listen(host, port) {
      const taken = await edge.listen(host, port)
      const publicUrl = parts.settings.publicUrl ?? `http://localhost:${taken}`
      http = httpSide({ ...parts, publicUrl, failed: () => void parts.counters.failures++ })
      return taken
    },
    async stop() {
      stopping = true
      edge.stopListening()
      orders.stop()
      await until(() => orders.open === 0 && openRequests === 0, ANSWER_WITHIN)
      const told = [...everybody.waiting, ...everybody.live()]
      for (const connection of told) talk.happen(connection, { kind: 'left', why: 'restarting' })
      await until(() => everybody.open === 0, CLOSE_WITHIN)
      // A socket that is cut while its other side still sends is reset, and the goodbye is lost with it.
      if (told.length > 0) await new Promise((resolve) => setTimeout(resolve, parts.goodbye ?? GOODBYE))
      await edge.close()
    },
  }
}

const unready: HttpAnswer = { status: 503, headers: [['retry-after', '1']] }

/** At least one turn passes, in which the answers of the last commands leave. */
const until = async (done: () => boolean, within: number): Promise<void> => {
  await new Promise((resolve) => setImmediate(resolve))
  for (let waited = 0; waited < within && !done(); waited += STEP)
    await new Promise((resolve) => setTimeout(resolve, STEP))
}
const STEP = 10
