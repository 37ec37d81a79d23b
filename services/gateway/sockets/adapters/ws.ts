import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { closeCodes, limits, type Topic } from '@verbatim/protocol'
import { WebSocket, WebSocketServer } from 'ws'
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
import { nodeRequest, passOverUpgrade, refuseUpgrade, respond } from './ws-http.ts'

/** The stand-in where no native build loads: `ws` and `node:http`, with topics of its own. */
export const wsSockets = (): SocketAdapter => ({ name: 'ws', serve: (handlers) => wsEdge(handlers) })

const wsEdge = <Data extends object>(handlers: EdgeHandlers<Data>): Edge => {
  const sockets = new Set<WsSocket<Data>>()
  const topics: Topics<Data> = new Map()
  const acceptor = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: READ_AT_MOST,
  })
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000, keepAliveTimeout: 10_000 })
  server.on('request', (raw, response) => void respond(raw, response, handlers))
  server.on('upgrade', (raw: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on('error', () => stream.destroy())
    const request = nodeRequest(raw)
    if (request.path !== SOCKET_PATH || request.header('upgrade').toLowerCase() !== 'websocket')
      return passOverUpgrade(raw, stream, handlers)
    const decision = handlers.upgrade(request)
    if ('refuse' in decision) return refuseUpgrade(stream, decision.refuse)
    acceptor.handleUpgrade(raw, stream, head, (websocket) => {
      const socket = new WsSocket(decision.accept, { websocket, stream, topics })
      sockets.add(socket)
      hear(socket, handlers, () => sockets.delete(socket))
      handlers.open(socket)
    })
  })
  const pings = setInterval(
    () => {
      for (const socket of sockets) socket.ping()
    },
    (IDLE_SECONDS * 1_000) / 2,
  )
  pings.unref()
  return {
    listen: (host, port) => listenOn(server, host, port),
    publish(topic, text) {
      const subscribers = topics.get(topic)
      if (!subscribers) return
      const encoded = Buffer.from(text)
      for (const socket of subscribers) socket.write(encoded)
    },
    stopListening: () => void server.close(),
    close() {
      clearInterval(pings)
      for (const socket of sockets) socket.cut()
      server.closeAllConnections()
      return Promise.resolve()
    },
  }
}

const listenOn = (server: Server, host: string, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', () => reject(new PortTaken(host, port)))
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : port)
    })
  })

const hear = <Data extends object>(socket: WsSocket<Data>, handlers: EdgeHandlers<Data>, forget: () => void): void => {
  const { websocket, stream } = socket
  websocket.on('message', (message: Buffer, binary) => {
    socket.alive = true
    if (!socket.open) return
    if (binary) handlers.unfit(socket, 'binary')
    else if (message.byteLength > limits.frameBytes) handlers.unfit(socket, 'too-large')
    else handlers.text(socket, message.toString())
  })
  websocket.on('pong', () => {
    socket.alive = true
  })
  stream.on('drain', () => {
    if (socket.open) handlers.drain(socket)
  })
  // `ws` answers a broken frame with its close code by itself; 'close' follows.
  websocket.on('error', () => websocket.terminate())
  websocket.on('close', () => {
    forget()
    if (socket.open) socket.leave()
    handlers.close(socket)
  })
}

type Topics<Data> = Map<Topic, Set<WsSocket<Data>>>
type Parts<Data> = { websocket: WebSocket; stream: Duplex; topics: Topics<Data> }

class WsSocket<Data> implements Socket<Data> {
  readonly websocket: WebSocket
  readonly stream: Duplex
  alive = true
  open = true
  private readonly topics: Topics<Data>
  private readonly subscribed = new Set<Topic>()

  constructor(
    readonly data: Data,
    { websocket, stream, topics }: Parts<Data>,
  ) {
    this.websocket = websocket
    this.stream = stream
    this.topics = topics
  }
  send(text: string): 'sent' | 'buffered' | 'dropped' {
    return this.write(Buffer.from(text))
  }
  write(encoded: Buffer): 'sent' | 'buffered' | 'dropped' {
    if (!this.open) return 'dropped'
    if (this.buffered() > limits.socketBuffer) {
      this.close(closeCodes.tooSlow, 'too slow')
      return 'dropped'
    }
    this.websocket.send(encoded, { binary: false })
    return this.buffered() > 0 ? 'buffered' : 'sent'
  }
  cork(run: () => void): void {
    this.stream.cork()
    try {
      run()
    } finally {
      this.stream.uncork()
    }
  }
  subscribe(topic: Topic): void {
    if (!this.open) return
    const subscribers = this.topics.get(topic)
    if (subscribers) subscribers.add(this)
    else this.topics.set(topic, new Set([this]))
    this.subscribed.add(topic)
  }
  unsubscribe(topic: Topic): void {
    const subscribers = this.topics.get(topic)
    subscribers?.delete(this)
    if (subscribers?.size === 0) this.topics.delete(topic)
    this.subscribed.delete(topic)
  }
  close(code: number, reason: string): void {
    if (!this.open) return
    this.leave()
    this.websocket.close(code, reason)
    // Behind a full buffer the closing frame would wait for ever.
    if (this.buffered() > limits.socketBuffer) this.websocket.terminate()
  }
  buffered(): number {
    return this.websocket.bufferedAmount
  }
  /** Nothing is sent to it from now on. */
  leave(): void {
    this.open = false
    for (const topic of this.subscribed) this.unsubscribe(topic)
  }
  ping() {
    if (!this.alive) return this.websocket.terminate()
    this.alive = false
    if (this.websocket.readyState === WebSocket.OPEN) this.websocket.ping()
  }
  cut(): void {
    this.websocket.terminate()
  }
}
