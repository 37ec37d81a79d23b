import { uwsSockets } from './adapters/uws.ts'
import { wsSockets } from './adapters/ws.ts'
import type { SocketAdapter } from './port.ts'

/**
 * @param choice `auto` takes uWebSockets.js where its native build loads, else the stand-in
 * @throws when `uws` is asked for and no native build loads
 */
export const openSockets = (choice: 'auto' | 'uws' | 'ws' = 'auto'): SocketAdapter => {
  if (choice === 'ws') return wsSockets()
  try {
    return uwsSockets()
  } catch (error) {
    if (choice === 'auto') return wsSockets()
    const { version, platform, arch } = process
    throw new Error(`uWebSockets.js has no native build for Node ${version} on ${platform} ${arch}; use SOCKETS=ws`, {
      cause: error,
    })
  }
}
