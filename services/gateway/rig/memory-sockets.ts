import type { Topic } from '@verbatim/protocol'
import type { Edge, EdgeHandlers, HttpRequest, Socket, SocketAdapter } from '../sockets/port.ts'

/** How heavy a frame weighs in a buffer that is not read: a few of them and the gateway must wait. */
const WEIGHT = 100 * 1024

export type MemoryClient = {
  readonly frames: readonly string[]
  readonly open: boolean
  say(frame: object): void
  /** Reads no more, or reads again. */
  stall(): void
  read(): void
  leave(): void
}

/** For tests: sockets without a network, in which every turn is the test's. */
export const memorySockets = () => {
  let connect: (() => MemoryClient) | undefined
  const adapter: SocketAdapter = {
    name: 'memory',
    serve<Data extends object>(handlers: EdgeHandlers<Data>): Edge {
      const topics = new Map<Topic, Set<MemorySocket<Data>>>()
      connect = () => {
        const decision = handlers.upgrade(plainRequest)
        if ('refuse' in decision) throw new Error('the upgrade was refused')
        const socket = new MemorySocket(decision.accept, topics, handlers)
        handlers.open(socket)
        return socket
      }
      return {
        listen: async () => 1,
        publish(topic, text) {
          for (const socket of topics.get(topic) ?? []) socket.send(text)
        },
        stopListening: () => undefined,
        close: async () => undefined,
      }
    },
  }
  return {
    adapter,
    connect(): MemoryClient {
      if (!connect) throw new Error('nobody listens')
      return connect()
    },
  }
}

class MemorySocket<Data extends object> implements Socket<Data>, MemoryClient {
  open = true
  readonly frames: string[] = []
  private unread: string[] = []
  private stalled = false
  constructor(
    readonly data: Data,
    private readonly topics: Map<Topic, Set<MemorySocket<Data>>>,
    private readonly handlers: EdgeHandlers<Data>,
  ) {}

  send(text: string): 'sent' | 'buffered' | 'dropped' {
    if (!this.open) return 'dropped'
    if (!this.stalled) {
      this.frames.push(text)
      return 'sent'
    }
    this.unread.push(text)
    return 'buffered'
  }
  cork(run: () => void): void {
    run()
  }
  subscribe(topic: Topic): void {
    const subscribers = this.topics.get(topic) ?? new Set()
    this.topics.set(topic, subscribers.add(this))
  }
  unsubscribe(topic: Topic): void {
    this.topics.get(topic)?.delete(this)
  }
  close(): void {
    this.leave()
  }
  buffered(): number {
    return this.unread.length * WEIGHT
  }

  say(frame: object): void {
    this.handlers.text(this, JSON.stringify(frame))
  }
  stall(): void {
    this.stalled = true
  }
  read(): void {
    if (!this.stalled) return
    this.stalled = false
    this.frames.push(...this.unread)
    this.unread = []
    if (this.open) this.handlers.drain(this)
  }
  leave(): void {
    if (!this.open) return
    this.open = false
    for (const subscribers of this.topics.values()) subscribers.delete(this)
    this.handlers.close(this)
  }
}

const plainRequest: HttpRequest = {
  method: 'GET',
  path: '/ws',
  query: '',
  header: () => '',
  address: '127.0.0.1',
  body: async () => 'aborted',
}
