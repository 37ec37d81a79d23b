import { gatewayLimits } from './limits/gateway-limits.ts'
import { audiences as audiencesOver } from './live/audiences.ts'
import { fanOut } from './live/fan-out.ts'
import { ring as ringSince } from './live/ring.ts'
import { slots } from './live/slots.ts'
import { machineTimers } from './machine-timers.ts'
import type { GatewayParts } from './parts.ts'
import { serving } from './serving.ts'
import { connections } from './session/connections.ts'
import { conversing } from './session/conversing.ts'
import { orders as ordersTo } from './session/orders.ts'
import { outbox } from './session/outbox.ts'
import { signingIn } from './session/signing-in.ts'
import { watch } from './session/watch.ts'
import { type GatewayStats, counters as zero } from './stats.ts'
import { tallies as noTallies } from './tallies.ts'

export interface Gateway {
  /**
   * @param port 0 takes a free one
   * @returns the port taken
   * @throws PortTaken
   */
  listen(host: string, port: number): Promise<number>
  /** Takes nothing new, answers what is under way, tells every socket 1012. Within 10 seconds. */
  stop(): Promise<void>
  readonly stats: GatewayStats
}

/** Backlogs read at one time for all the sockets that come back together after a restart. */
const BACKLOGS_AT_ONCE = 8

/** Seconds without a word, at most twice, after which the listeners of a conversation are no longer subscribed. */
const COOLS_AFTER = 30

/** Milliseconds between two looks at who has not said hello. */
const NEWCOMERS_EACH = 250

/** HTTP and WebSocket edge. It knows sockets, not chat: who may and what follows is decided by those that it asks. */
export const gateway = (parts: GatewayParts): Gateway => {
  const { identity, now } = parts
  const counters = zero()
  const limiter = gatewayLimits(parts.settings.limits, now)
  const ring = ringSince(parts.liveAfter)
  const everybody = connections()
  const tallies = noTallies()
  const orders = ordersTo(parts, limiter, tallies)

  const said = outbox()
  const audiences = audiencesOver({
    publish: (topic, frame) => server.edge.publish(topic, frame),
    outbox: said,
    told(listeners) {
      counters.published++
      counters.delivered += listeners
    },
  })
  const talk = conversing({
    everybody,
    audiences,
    outbox: said,
    orders,
    limiter,
    counters,
    tallies,
    now,
    signIn: (connection, hello) => signIn(connection, hello),
  })
  const { happen, release } = talk
  const signIn = signingIn({
    ...parts,
    everybody,
    ring,
    audiences,
    limiter,
    counters,
    happen,
    release,
    slots: slots(BACKLOGS_AT_ONCE),
  })
  const server = serving({ ...parts, orders, limiter, everybody, counters, tallies, talk })

  const look = watch({ everybody, identity, now, happen })
  let second = 0
  const everySecond = () => {
    limiter.sweep()
    look.everybody()
    if (++second % COOLS_AFTER === 0) audiences.cool()
  }
  identity.onEnded((session, user) => talk.endSession(session, user))
  // From the beginning, so that the ring lacks nothing of what came after `liveAfter`.
  const unfollow = parts.live.follow(fanOut({ audiences, ring, everybody, counters, ended: talk.endSession }))
  const { every } = parts.timers ?? machineTimers
  const resting: (() => void)[] = []

  return {
    async listen(host, port) {
      const taken = await server.listen(host, port)
      resting.push(every(1_000, everySecond), every(NEWCOMERS_EACH, look.newcomers))
      return taken
    },
    async stop() {
      await server.stop()
      for (const rest of resting) rest()
      unfollow()
    },
    get stats() {
      return {
        ...counters,
        ...tallies.now(),
        sockets: everybody.waiting.size + everybody.liveCount,
        signedIn: everybody.liveCount,
        people: everybody.people,
        lagging: everybody.lagging(),
        openCommands: orders.open,
      }
    },
  }
}
