import type { Live, LiveMessage } from '../port.ts'

/** Gateways in the same process: each message is handed on in the same turn. */
export const localLive = (): Live => {
  const followers = new Set<(message: LiveMessage) => void>()
  return {
    publish(message) {
      for (const on of followers) on(message)
    },
    follow(on) {
      followers.add(on)
      return () => followers.delete(on)
    },
  }
}
