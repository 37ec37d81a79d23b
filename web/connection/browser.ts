import { alone } from '../session/session.ts'

/** What a window lives in: its clock and its chance, its network, its other tabs. A test can be all of it. */
export interface Browser {
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** In [0, 1). */
  readonly chance: () => number
  /** Fills the array with random bytes. */
  readonly random: (into: Uint8Array) => void
  /** Runs once after so many milliseconds, unless the returned function is called before. */
  readonly after: (milliseconds: number, run: () => void) => () => void
  /** Opens a socket to the server. Nothing is heard of it before this returns. */
  readonly connect: (hear: Hearing) => Line
  readonly isOnline: () => boolean
  /** Hears of the network and of being looked at, until the returned function is called. */
  readonly watch: (on: { lost: () => void; back: () => void; shown: () => void }) => () => void
  /** Another window of the same browser hears what one says under the same name. */
  readonly tabs: (name: string) => Tabs
  /** Runs alone among the tabs of this browser. */
  readonly alone: <T>(name: string, run: () => Promise<T>) => Promise<T>
}

export type Hearing = {
  readonly opened: () => void
  readonly text: (text: string) => void
  readonly closed: (code: number) => void
}
export interface Line {
  /** Says nothing when it is not open. */
  send(text: string): void
  close(): void
}
export type Tabs = Pick<BroadcastChannel, 'postMessage' | 'onmessage' | 'close'>

export const thisBrowser: Browser = {
  now: () => Date.now(),
  chance: () => Math.random(),
  random: (into) => void crypto.getRandomValues(into),
  after: (milliseconds, run) => {
    const timer = setTimeout(run, milliseconds)
    return () => clearTimeout(timer)
  },
  connect: ({ opened, text, closed }) => {
    const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`)
    socket.onopen = opened
    socket.onmessage = ({ data }) => text(String(data))
    socket.onclose = ({ code }) => closed(code)
    return {
      send: (said) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(said)
      },
      close: () => socket.close(),
    }
  },
  isOnline: () => navigator.onLine,
  watch: ({ lost, back, shown }) => {
    const looked = () => {
      if (document.visibilityState === 'visible') shown()
    }
    window.addEventListener('offline', lost)
    window.addEventListener('online', back)
    document.addEventListener('visibilitychange', looked)
    return () => {
      window.removeEventListener('offline', lost)
      window.removeEventListener('online', back)
      document.removeEventListener('visibilitychange', looked)
    }
  },
  tabs: (name) => new BroadcastChannel(name),
  alone,
}
