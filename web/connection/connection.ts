import type { Answer, ClientFrame, Command, ServerFrame, Ulid } from '@verbatim/protocol'
import { createSignal, onCleanup } from 'solid-js'
import { type Browser, type Line, thisBrowser } from './browser.ts'
import { type ConnectionState, firstConnection, type Happening, nextConnection } from './next-connection.ts'

/** Why there is no answer to a command: nobody knows whether it was taken. It is sent again under the same id. */
export class Unknown extends Error {}

export interface Wire {
  token(): Promise<string | undefined>
  renew(): Promise<string | undefined>
  /** Last revision seen of each conversation whose timeline is held. */
  resume(): Record<string, number>
  onFrame(frame: ServerFrame): void
  /** What waits for the connection may go. */
  onReady(): void
  /** The session is over; the connection ends. */
  onEnded(): void
}

const ANSWER_WITHIN = 10_000
const GREETED_WITHIN = 8_000
const STEADY_AFTER = 10_000
const PING_EVERY = 25_000
/** A socket that says nothing for this long after a ping is dead, whatever the browser believes. */
const SILENT_FOR = 10_000

export type Connection = ReturnType<typeof createConnection>

/** The socket with its reconnects: performs what `nextConnection` decides. Cleans up with its owner. */
export const createConnection = (wire: Wire, browser: Browser = thisBrowser) => {
  const [state, setState] = createSignal<ConnectionState>(firstConnection)
  const waiting = new Map<Ulid, { resolve: (answer: Answer) => void; reject: (cause: Unknown) => void }>()
  let socket: Line | undefined
  let timers: (() => void)[] = []
  /** Frames: a clock may be set back. */
  let heard = 0

  const after = (ms: number, run: () => void) => timers.push(browser.after(ms, run))

  const step = (happening: Happening): void => {
    const before = state()
    const next = nextConnection(before, happening)
    if (next === before || (next.kind === before.kind && next.kind === 'offline')) return
    setState(next)
    if (next.kind === before.kind && next.kind === 'ready') return
    for (const cancel of timers) cancel()
    timers = []
    enter(next)
  }

  const enter = (next: ConnectionState): void => {
    switch (next.kind) {
      case 'opening':
        open()
        return
      case 'greeting':
        after(GREETED_WITHIN, hangUp)
        return
      case 'ready':
        after(STEADY_AFTER, () => step({ type: 'steady' }))
        after(PING_EVERY, ping)
        wire.onReady()
        return
      case 'waiting':
        drop()
        after(next.delay, () => step({ type: 'waited' }))
        return
      case 'renewing':
        drop()
        void renew()
        return
      case 'offline':
        drop()
        return
      case 'ended':
        drop()
        wire.onEnded()
        return
    }
  }

  const open = (): void => {
    drop()
    const mine = browser.connect({
      opened: () => void greet(mine),
      text: (text) => {
        if (socket === mine) hear(JSON.parse(text) as ServerFrame)
      },
      closed: (code) => {
        if (socket === mine) step({ type: 'closed', code, chance: browser.chance() })
      },
    })
    socket = mine
    after(GREETED_WITHIN, hangUp)
  }

  const greet = async (mine: Line): Promise<void> => {
    const token = await wire.token().catch(() => null)
    if (socket !== mine) return
    if (token === undefined) return step({ type: 'session-over' })
    if (token === null) return hangUp()
    step({ type: 'opened' })
    send({ type: 'hello', token, resume: wire.resume() })
  }

  const renew = async (): Promise<void> => {
    try {
      step((await wire.renew()) === undefined ? { type: 'session-over' } : { type: 'renewed' })
    } catch {
      after(2_000, () => void renew())
    }
  }

  const hear = (frame: ServerFrame): void => {
    heard++
    if (frame.type === 'ack') settle(frame.id, { ...frame, kind: 'accepted' })
    else if (frame.type === 'refused') settle(frame.id, { ...frame, kind: 'refused' })
    else if (frame.type === 'ready') {
      // First the state that `ready` brings, then whoever waits for the connection.
      wire.onFrame(frame)
      step({ type: 'greeted' })
    } else wire.onFrame(frame)
  }

  const settle = (id: Ulid, answer: Answer): void => {
    waiting.get(id)?.resolve(answer)
    waiting.delete(id)
  }

  const probe = (): void => {
    const before = heard
    send({ type: 'ping' })
    after(SILENT_FOR, () => (heard === before ? hangUp() : undefined))
  }
  const ping = (): void => {
    probe()
    after(PING_EVERY, ping)
  }

  const send = (frame: ClientFrame | { type: 'command'; command: Command }): void => {
    socket?.send(JSON.stringify(frame))
  }

  const hangUp = (): void => step({ type: 'closed', code: 1006, chance: browser.chance() })

  /** The old socket is silenced before it is closed: what it still has to say comes again by resume. */
  const drop = (): void => {
    const old = socket
    socket = undefined
    old?.close()
    for (const { reject } of waiting.values()) reject(new Unknown('connection lost'))
    waiting.clear()
  }

  const lost = () => step({ type: 'network-lost' })
  const hurry = () => step({ type: 'hurried' })
  const shown = () => {
    // A machine that slept may hold a socket that died meanwhile.
    if (state().kind === 'ready') probe()
    hurry()
  }
  const unwatch = browser.watch({ lost, back: hurry, shown })
  onCleanup(() => {
    unwatch()
    for (const cancel of timers) cancel()
    drop()
  })
  if (browser.isOnline()) enter(firstConnection)
  else step({ type: 'network-lost' })

  return {
    state,
    hurry,
    /** Resolves with the server's answer; rejects with `Unknown` when the connection breaks or stays silent. */
    command: (command: Command): Promise<Answer> => {
      if (state().kind !== 'ready') return Promise.reject(new Unknown('not connected'))
      return new Promise<Answer>((resolve, reject) => {
        const asked = { resolve, reject }
        waiting.set(command.id, asked)
        send({ type: 'command', command })
        after(ANSWER_WITHIN, () => (waiting.get(command.id) === asked ? hangUp() : undefined))
      })
    },
  }
}
