import type { ConversationId, UserId } from '@verbatim/protocol'
import WebSocket from 'ws'
import { tokenOf } from './rig.ts'

export type Seen = { readonly type: string; readonly [field: string]: unknown }

/** A client's end of a socket, and everything that came over it. */
export const openSocket = async (port: number, headers: Record<string, string> = {}) => {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, { headers })
  const seen: Seen[] = []
  const waiters = new Set<() => void>()
  const wake = () => {
    for (const waiter of waiters) waiter()
  }
  let closed: { code: number; reason: string } | undefined
  socket.on('message', (data) => {
    seen.push(JSON.parse(`${data}`))
    wake()
  })
  socket.on('close', (code, reason) => {
    closed = { code, reason: `${reason}` }
    wake()
  })
  await new Promise<void>((resolve, reject) => {
    socket.on('open', () => resolve())
    socket.on('error', reject)
  })
  /** @throws when it has not come within two seconds */
  const until = <T>(look: () => T | undefined): Promise<T> =>
    new Promise((resolve, reject) => {
      const check = () => {
        const found = look()
        if (found === undefined) return
        waiters.delete(check)
        clearTimeout(late)
        resolve(found)
      }
      const late = setTimeout(() => {
        waiters.delete(check)
        reject(
          new Error(`it did not come; seen: ${JSON.stringify(seen).slice(0, 500)} closed: ${JSON.stringify(closed)}`),
        )
      }, 2_000)
      waiters.add(check)
      check()
    })
  return {
    socket,
    seen: seen as readonly Seen[],
    until,
    frame: (frame: unknown) => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame)),
    /** The first frame of a type, now or when it comes. */
    get: (type: string) => until(() => seen.find((frame) => frame.type === type)),
    closed: () => until(() => closed),
    revisions: (conversation: ConversationId): number[] =>
      seen
        .filter((frame) => frame.type === 'events' && frame.conversation === conversation)
        .flatMap((frame) => (frame.events as { revision: number }[]).map(({ revision }) => revision)),
  }
}
export type Talk = Awaited<ReturnType<typeof openSocket>>

/** The same, signed in. */
export const signedInSocket = async (port: number, user: UserId, resume?: Record<string, number>): Promise<Talk> => {
  const talk = await openSocket(port)
  talk.frame({ type: 'hello', token: tokenOf(user), ...(resume && { resume }) })
  await talk.get('ready')
  return talk
}

export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** @throws when it is not so within three seconds */
export const eventually = async (isSo: () => boolean): Promise<void> => {
  for (const late = Date.now() + 3_000; Date.now() < late; await pause(2)) if (isSo()) return
  throw new Error('it did not come to be so')
}
