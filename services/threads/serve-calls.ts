import type { Call, Port, Reply } from './port.ts'

/** Answers the calls that come over `port` with the methods of `served`; a thrown error travels with its own fields. */
export const serveCalls = (port: Port, served: object): void => {
  port.on('message', (async (message: Call) => {
    if (typeof message.call !== 'number') return
    port.postMessage(await answer(served, message))
  }) as (value: unknown) => void)
}

const answer = async (served: object, { call, method, args }: Call): Promise<Reply> => {
  try {
    const run: unknown = Object.hasOwn(served, method) ? Reflect.get(served, method) : undefined
    if (typeof run !== 'function') throw new TypeError(`no method ${method} is served`)
    return { reply: call, value: await run(...args) }
  } catch (error) {
    const { name, message, ...fields } =
      error instanceof Error
        ? { ...error, name: error.name, message: error.message }
        : { name: 'Error', message: `${error}` }
    return { reply: call, error: { ...fields, name, message } }
  }
}
