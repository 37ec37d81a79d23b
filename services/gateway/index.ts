export { type Gateway, gateway } from './gateway.ts'
export type { GatewayIdentity, GatewayParts, GatewaySettings, Log, Model, Timers } from './parts.ts'
export { openSockets } from './sockets/open-sockets.ts'
export {
  type Edge,
  type EdgeHandlers,
  type HttpAnswer,
  type HttpRequest,
  PortTaken,
  type Socket,
  type SocketAdapter,
} from './sockets/port.ts'
export type { GatewayStats } from './stats.ts'
