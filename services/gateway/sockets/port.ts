import type { Topic } from '@verbatim/protocol'

/** One open WebSocket. Everything on it may be called after it closed, and then does nothing. */
export interface Socket<Data> {
  /** What `upgrade` hung on it. */
  readonly data: Data
  readonly open: boolean
  /** In the order of calls, and in one order with what was published to it. `dropped`: it is being closed for reading too slowly. */
  send(text: string): 'sent' | 'buffered' | 'dropped'
  /** What `run` sends leaves together. */
  cork(run: () => void): void
  subscribe(topic: Topic): void
  /** What was published before still goes out, nothing later. */
  unsubscribe(topic: Topic): void
  close(code: number, reason: string): void
  /** Bytes that the other side has not taken yet. */
  buffered(): number
}

export type HttpRequest = {
  /** Upper case. */
  readonly method: string
  /** As sent: percent-encoded, with its leading slash and without the query. */
  readonly path: string
  /** Without the question mark. */
  readonly query: string
  /** Lower-case name; several of one name are joined by a comma. Empty when it is not there. */
  header(name: string): string
  /** Of the other end of the connection: `127.0.0.1`, `2001:db8:0:0:0:0:0:1`. */
  readonly address: string
  /**
   * The whole body, if it is asked for in the turn in which the request is handed over; else it is thrown away.
   * Of one that is too large nothing is kept.
   */
  body(atMost: number): Promise<Uint8Array | 'too-large' | 'aborted'>
}

export type HttpAnswer = {
  readonly status: number
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body?: string | Uint8Array
  /** Ends the connection: what follows on it cannot be trusted to be a request. */
  readonly hangUp?: boolean
}

export interface EdgeHandlers<Data> {
  /** Answers in the same turn or later. A throw or a rejection is a mistake of the caller: the connection is cut. */
  request(request: HttpRequest): HttpAnswer | Promise<HttpAnswer>
  /** Whether this request may become a socket, decided in the same turn. */
  upgrade(request: HttpRequest): { readonly accept: Data } | { readonly refuse: HttpAnswer }
  open(socket: Socket<Data>): void
  text(socket: Socket<Data>, text: string): void
  /** It stays open: the caller closes it. */
  unfit(socket: Socket<Data>, why: 'binary' | 'too-large'): void
  /** Some of what was buffered has gone. */
  drain(socket: Socket<Data>): void
  /** The last that is heard of it. */
  close(socket: Socket<Data>): void
}

/** HTTP and WebSocket on one port. One contract suite runs against every adapter. */
export interface Edge {
  /**
   * @param port 0 takes a free one
   * @returns the port taken
   * @throws PortTaken
   */
  listen(host: string, port: number): Promise<number>
  /** One text to every subscriber, encoded once. */
  publish(topic: Topic, text: string): void
  /** Takes no new connections; those that are open stay. */
  stopListening(): void
  /** Cuts what is still open. */
  close(): Promise<void>
}

export interface SocketAdapter {
  /** For the start line. */
  readonly name: string
  serve<Data extends object>(handlers: EdgeHandlers<Data>): Edge
}

export class PortTaken extends Error {
  constructor(host: string, port: number) {
    super(`cannot listen on ${host}:${port}: the port is in use, or the address is not of this machine`)
    this.name = 'PortTaken'
  }
}

/** The path that upgrades. */
export const SOCKET_PATH = '/ws'
/** Largest frame that is read at all, so that one past the limit can be told so. What is larger is cut off. */
export const READ_AT_MOST = 1024 * 1024
/** A body announced up to this size is read and thrown away, so that its sender hears the refusal instead of a reset. */
export const DISCARD_AT_MOST = 8 * 1024 * 1024
/** Seconds of silence, pings unanswered, after which a socket is cut. */
export const IDLE_SECONDS = 60
