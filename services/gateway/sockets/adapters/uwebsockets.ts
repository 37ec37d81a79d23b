/**
 * What we use of uWebSockets.js, and what 20.30 and the newest release share. Its own types differ between releases.
 * @see https://unetworking.github.io/uWebSockets.js/generated/
 */
export type UWebSockets = {
  App(): UwsApp
  us_listen_socket_close(token: ListenToken): void
  us_socket_local_port(token: ListenToken): number
}

export type UwsApp = {
  ws<UserData>(path: string, behavior: UwsBehavior<UserData>): UwsApp
  any(path: string, on: (response: UwsResponse, request: UwsRequest) => void): UwsApp
  listen(host: string, port: number, options: number, on: (token: ListenToken | false) => void): UwsApp
  publish(topic: string, text: string, binary: boolean, compress: boolean): boolean
  /** Newer releases only. */
  close?(): void
}

export type UwsBehavior<UserData> = {
  maxPayloadLength: number
  idleTimeout: number
  sendPingsAutomatically: boolean
  maxBackpressure: number
  closeOnBackpressureLimit: boolean
  upgrade(response: UwsResponse, request: UwsRequest, context: UpgradeContext): void
  open(socket: UwsWebSocket<UserData>): void
  /** `message` is emptied on return. */
  message(socket: UwsWebSocket<UserData>, message: ArrayBuffer, binary: boolean): void
  drain(socket: UwsWebSocket<UserData>): void
  close(socket: UwsWebSocket<UserData>): void
}

/** Every method throws once the socket has closed. */
export type UwsWebSocket<UserData> = {
  getUserData(): UserData
  /** 1 sent, 0 buffered, 2 dropped. */
  send(text: string, binary: boolean, compress: boolean): number
  cork(run: () => void): void
  ping(): number
  subscribe(topic: string): boolean
  unsubscribe(topic: string): boolean
  getBufferedAmount(): number
  end(code: number, reason: string): void
}

/** Valid only until its handler returns. */
export type UwsRequest = {
  getMethod(): string
  getUrl(): string
  getQuery(): string
  getHeader(name: string): string
  forEach(each: (name: string, value: string) => void): void
}

/** Every method throws once the request was aborted. */
export type UwsResponse = {
  cork(run: () => void): void
  writeStatus(status: string): void
  writeHeader(name: string, value: string): void
  end(body: string | Uint8Array, hangUp: boolean): void
  endWithoutBody(): void
  onAborted(on: () => void): void
  /** `chunk` is emptied on return. */
  onData(on: (chunk: ArrayBuffer, last: boolean) => void): void
  close(): void
  getRemoteAddressAsText(): ArrayBuffer
  upgrade<UserData>(data: UserData, key: string, protocol: string, extensions: string, context: UpgradeContext): void
}

declare const token: unique symbol
export type ListenToken = { readonly [token]: true }
declare const context: unique symbol
export type UpgradeContext = { readonly [context]: true }
