import { createRequire } from 'node:module'
import { limits, type Topic } from '@verbatim/protocol'
import {
  type Edge,
  type EdgeHandlers,
  IDLE_SECONDS,
  PortTaken,
  READ_AT_MOST,
  SOCKET_PATH,
  type Socket,
  type SocketAdapter,
} from '../port.ts'
import type { ListenToken, UWebSockets, UwsBehavior, UwsWebSocket } from './uwebsockets.ts'
import { uwsExchange } from './uws-http.ts'

/** LIBUS_LISTEN_EXCLUSIVE_PORT: without it a second process would silently share the port, and get half of the people. */
const EXCLUSIVE_PORT = 1

/**
 * uWebSockets.js. The binary is loaded itself: where none fits, the package's own entry falls back to an imitation that
 * cannot publish.
 * @throws when there is no binary for this Node, system and processor
 */
export const uwsSockets = (): SocketAdapter => {
  const uws = loadBinary()
  return { name: 'uWebSockets.js', serve: (handlers) => uwsEdge(uws, handlers) }
}

const loadBinary = (): UWebSockets => {
  const load = createRequire(import.meta.url)
  const file = `uws_${process.platform}_${process.arch}_${process.versions.modules}.node`
  try {
    return load(`uWebSockets.js/binaries/${file}`)
  } catch {
    // The author's own releases keep the binaries beside the entry.
    return load(`uWebSockets.js/${file}`)
  }
}

const uwsEdge = <Data extends object>(uws: UWebSockets, handlers: EdgeHandlers<Data>): Edge => {
  const app = uws.App()
  let listening: ListenToken | undefined
  app.ws(SOCKET_PATH, behavior(handlers))
  app.any('/*', (response, request) => {
    const exchange = uwsExchange(response, request)
    exchange.answerWith(() => handlers.request(exchange.request))
  })
  return {
    listen: (host, port) =>
      new Promise((resolve, reject) => {
        app.listen(host, port, EXCLUSIVE_PORT, (token) => {
          if (!token) return reject(new PortTaken(host, port))
          listening = token
          resolve(uws.us_socket_local_port(token))
        })
      }),
    publish(topic, text) {
      app.publish(topic, text, false, false)
    },
    stopListening() {
      if (listening) uws.us_listen_socket_close(listening)
      listening = undefined
    },
    close() {
      // Releases without it let idle HTTP connections end by themselves after 10 seconds.
      app.close?.()
      return Promise.resolve()
    },
  }
}

const behavior = <Data extends object>(handlers: EdgeHandlers<Data>): UwsBehavior<Link<Data>> => ({
  maxPayloadLength: READ_AT_MOST,
  idleTimeout: IDLE_SECONDS,
  sendPingsAutomatically: true,
  maxBackpressure: limits.socketBuffer,
  closeOnBackpressureLimit: true,
  upgrade(response, raw, context) {
    const { request, answerWith } = uwsExchange(response, raw)
    // Its own router looks only at the key.
    if (request.header('sec-websocket-version') !== '13')
      return answerWith(() => ({ status: 426, headers: [['sec-websocket-version', '13']] }))
    const decision = handlers.upgrade(request)
    if ('refuse' in decision) return answerWith(() => decision.refuse)
    const link = { link: new UwsSocket(decision.accept) }
    response.upgrade(link, request.header('sec-websocket-key'), '', '', context)
  },
  open(raw) {
    const socket = raw.getUserData().link
    socket.raw = raw
    handlers.open(socket)
  },
  message(raw, message, binary) {
    const socket = raw.getUserData().link
    if (binary) return handlers.unfit(socket, 'binary')
    if (message.byteLength > limits.frameBytes) return handlers.unfit(socket, 'too-large')
    handlers.text(socket, Buffer.from(message).toString())
  },
  drain: (raw) => handlers.drain(raw.getUserData().link),
  close(raw) {
    const socket = raw.getUserData().link
    socket.raw = undefined
    handlers.close(socket)
  },
})

/** One property only: some releases hang the object itself on the socket, others copy its properties. */
type Link<Data> = { readonly link: UwsSocket<Data> }

/** A class, since there are as many as people: its methods are shared. */
class UwsSocket<Data> implements Socket<Data> {
  raw: UwsWebSocket<Link<Data>> | undefined
  constructor(readonly data: Data) {}

  get open(): boolean {
    return this.raw !== undefined
  }
  send(text: string): 'sent' | 'buffered' | 'dropped' {
    const result = this.raw?.send(text, false, false)
    return result === 1 ? 'sent' : result === 0 ? 'buffered' : 'dropped'
  }
  cork(run: () => void): void {
    this.raw?.cork(run)
  }
  subscribe(topic: Topic): void {
    this.raw?.subscribe(topic)
  }
  unsubscribe(topic: Topic): void {
    // With the last topic of a socket goes what was published in this turn: a ping makes it leave before.
    this.raw?.ping()
    this.raw?.unsubscribe(topic)
  }
  close(code: number, reason: string): void {
    this.raw?.end(code, reason)
  }
  buffered(): number {
    return this.raw?.getBufferedAmount() ?? 0
  }
}
