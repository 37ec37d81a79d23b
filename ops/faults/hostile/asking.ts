import { connect, type Socket } from 'node:net'
import { answerIn, type Heard } from './talk.ts'

/** Whole requests, one after another over a connection that is kept as long as the server keeps it. */
export interface Asking {
  /** @returns `'cut'` when the connection ended before there was an answer */
  ask(bytes: Buffer, head: boolean): Promise<Heard | 'cut' | 'silent'>
  close(): void
}

/** Milliseconds after which an answer is taken for never. */
const PATIENCE = 15_000

export const asking = (port: number): Asking => {
  let socket: Socket | undefined
  const ask: Asking['ask'] = (bytes, head) =>
    new Promise((resolve) => {
      socket ??= connect({ port, host: '127.0.0.1', noDelay: true })
      const mine = socket
      let heard = Buffer.alloc(0)
      const finish = (outcome: Heard | 'cut' | 'silent') => {
        clearTimeout(late)
        mine.removeAllListeners()
        mine.on('error', () => undefined)
        const kept = typeof outcome === 'object' && outcome.headers.get('connection') !== 'close'
        if (!kept || mine.destroyed) {
          mine.destroy()
          socket = undefined
        }
        resolve(outcome)
      }
      const late = setTimeout(() => finish('silent'), PATIENCE)
      mine.on('error', () => undefined)
      mine.on('close', () => finish('cut'))
      mine.on('data', (chunk) => {
        heard = Buffer.concat([heard, chunk])
        let one = answerIn(heard, head)
        while (one && one.status === 100) {
          heard = heard.subarray(one.end)
          one = answerIn(heard, head)
        }
        if (one) finish(one)
      })
      mine.write(bytes)
    })
  return { ask, close: () => socket?.destroy() }
}
