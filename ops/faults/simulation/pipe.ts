import type { Topic, UserId } from '@verbatim/protocol'
import type { EdgeHandlers, Socket } from '@verbatim/services/gateway'
import type { Hearing } from '@verbatim/web/sync'
import type { Luck } from './luck.ts'
import type { Life, Time } from './time.ts'

/** Whose page it is, and whether it has a network. */
export type Caller = {
  readonly name: string
  readonly user: UserId
  readonly page: Life
  readonly isUp: () => boolean
}

/** What its page can do with a socket, and what can happen to it. */
export interface Wire {
  readonly caller: Caller
  say(text: string): void
  leave(): void
  /** Nothing goes through any more. Both sides hear of it soon; if it is `silent` only by waiting, or when it is cut again. */
  cut(silent?: boolean): void
}

export type Around = {
  readonly time: Time
  readonly luck: Luck
  readonly faults: { lostAnswer: number; repeat: number }
  readonly wires: Set<Wire>
  /** Hears of every frame in the moment in which a process sends it. */
  sent(user: UserId, text: string): void
}

export type PipeParts<Data extends object> = {
  readonly data: Data
  readonly topics: Map<Topic, Set<Socket<Data>>>
  readonly handlers: EdgeHandlers<Data>
  readonly caller: Caller
  readonly hear: Hearing
  readonly process: Life
}

/** Milliseconds that a frame or a request is on its way, at most. */
export const WAY = 60
/** Milliseconds after which a server cuts a socket that has fallen silent. */
const SILENT_FOR = 60_000

/** A socket between a page and a process: the process has one end, the page the other. */
export const pipe = <Data extends object>(parts: PipeParts<Data>, around: Around): Wire => {
  const { topics, handlers, caller, hear, process } = parts
  const { time, luck, faults, wires } = around
  let flows = true
  let isOpen = true
  let hasLeft = false
  // Frames of a direction keep their order.
  let toPage = 0
  let toProcess = 0

  const tell = (what: string, run: () => void): void => {
    toPage = Math.max(toPage, time.now() + luck.delay(WAY))
    caller.page.after(toPage - time.now(), what, () => {
      if (flows && !hasLeft) run()
    })
  }
  const gone = (): void => {
    if (!isOpen) return
    isOpen = false
    for (const subscribers of topics.values()) subscribers.delete(socket)
    handlers.close(socket)
  }
  const cut = (silent = false): void => {
    if (flows && silent) process.after(SILENT_FOR, `loses the socket of ${caller.name}`, gone)
    flows = false
    if (silent || !wires.delete(wire)) return
    process.after(luck.delay(300), `loses the socket of ${caller.name}`, gone)
    if (!hasLeft) caller.page.after(luck.delay(300), 'loses its socket', () => hasLeft || hear.closed(1006))
  }

  const socket: Socket<Data> = {
    data: parts.data,
    get open() {
      return isOpen && process.alive
    },
    send(text) {
      if (!socket.open) return 'dropped'
      around.sent(caller.user, text)
      if (flows && text.startsWith('{"type":"ack"') && luck.happens(faults.lostAnswer)) cut()
      tell(`is told ${text}`, () => hear.text(text))
      return 'sent'
    },
    cork: (run) => run(),
    subscribe: (topic) => void topics.set(topic, (topics.get(topic) ?? new Set()).add(socket)),
    unsubscribe: (topic) => void topics.get(topic)?.delete(socket),
    buffered: () => 0,
    close(code) {
      if (!socket.open) return
      tell(`is closed with ${code}`, () => {
        flows = false
        wires.delete(wire)
        hear.closed(code)
      })
      gone()
    },
  }
  const wire: Wire = {
    caller,
    say(text) {
      if (hasLeft || !flows) return
      const times = text.startsWith('{"type":"command"') && luck.happens(faults.repeat) ? 2 : 1
      for (let n = 0; n < times; n++) {
        toProcess = Math.max(toProcess, time.now() + luck.delay(WAY))
        process.after(toProcess - time.now(), `hears ${caller.name} say ${text}`, () => {
          if (flows && isOpen) handlers.text(socket, text)
        })
      }
    },
    leave() {
      if (hasLeft) return
      hasLeft = true
      wires.delete(wire)
      if (flows) process.after(luck.delay(WAY), `hears ${caller.name} leave`, gone)
    },
    cut,
  }
  wires.add(wire)
  process.onEnd(() => cut())
  caller.page.onEnd(() => wire.leave())
  handlers.open(socket)
  return wire
}
