import type { Calls, Port, Reply } from './port.ts'

/**
 * The methods served at the other end of `port`.
 * @param revive makes the caller's own error classes from what travelled
 */
export const callsOver = <S>(
  port: Port,
  revive: (error: { name: string; message: string; [field: string]: unknown }) => Error = plainError,
): Calls<S> => {
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  let calls = 0
  port.on('message', ((message: Reply) => {
    const waiter = typeof message.reply === 'number' ? waiting.get(message.reply) : undefined
    if (!waiter) return
    waiting.delete(message.reply)
    if ('error' in message) waiter.reject(revive(message.error))
    else waiter.resolve(message.value)
  }) as (value: unknown) => void)
  const calling = new Proxy({} as Calls<S>, {
    get: (_, method) =>
      // A proxy that answers to `then` would be taken for a promise and awaited.
      method === 'then' || typeof method !== 'string'
        ? undefined
        : (...args: unknown[]) =>
            new Promise((resolve, reject) => {
              const call = ++calls
              waiting.set(call, { resolve, reject })
              port.postMessage({ call, method, args })
            }),
  })
  unanswered.set(calling, waiting)
  return calling
}

const unanswered = new WeakMap<object, ReadonlyMap<number, unknown>>()

/** How many calls over these are not answered yet. */
export const waitingIn = (calls: object): number => unanswered.get(calls)?.size ?? 0

const plainError = ({ name, message, ...fields }: { name: string; message: string }): Error =>
  Object.assign(new Error(message), { name, ...fields })
