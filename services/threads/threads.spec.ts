import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { afterEach, describe, expect, it } from 'vitest'
import { callsOver, serveCalls, waitingIn } from './index.ts'

const open: MessagePort[] = []
afterEach(() => {
  for (const port of open.splice(0)) port.close()
})

type Clock = { add(one: number, other: number): number; fail(): never; late(): string }
const clock = {
  add: (one: number, other: number) => one + other,
  fail: () => {
    throw Object.assign(new RangeError('out of range'), { position: 7 })
  },
  late: async () => {
    await new Promise((resolve) => setTimeout(resolve, 5))
    return 'late'
  },
}
const servedPort = (): MessagePort => {
  const { port1, port2 } = new MessageChannel()
  open.push(port1, port2)
  serveCalls(port1, clock)
  return port2
}
const served = (revive?: (error: { name: string; message: string }) => Error) => callsOver<Clock>(servedPort(), revive)

describe('Calls between threads', () => {
  it('OP36 a call is answered with what the method returns', async () => {
    expect(await served().add(2, 3)).toBe(5)
  })

  it('OP36 answers find their calls, whatever their order', async () => {
    const calls = served()
    expect(await Promise.all([calls.late(), calls.add(1, 1), calls.late()])).toEqual(['late', 2, 'late'])
  })

  it('OP79 tells how many calls wait for their answer', async () => {
    const calls = served()
    expect(waitingIn(calls)).toBe(0)
    const [late, failing] = [calls.late(), calls.fail().catch(() => undefined)]
    expect(waitingIn(calls)).toBe(2)
    await Promise.all([late, failing])
    expect(waitingIn(calls)).toBe(0)
  })

  it('OP36 a thrown error comes with its name and its own fields', async () => {
    await expect(served().fail()).rejects.toMatchObject({ name: 'RangeError', message: 'out of range', position: 7 })
  })

  it('OP36 the caller makes an error of its own class from what came', async () => {
    class Revived extends Error {}
    await expect(served(({ message }) => new Revived(message)).fail()).rejects.toBeInstanceOf(Revived)
  })

  it('OP36 nothing but the own methods of the object can be called', async () => {
    const calls = callsOver<Record<string, () => unknown>>(servedPort())
    await expect(calls.toString?.()).rejects.toThrow('no method toString is served')
    await expect(calls.constructor?.()).rejects.toThrow('no method constructor is served')
  })

  it('OP36 what calls is no promise: it can be returned from an async function', async () => {
    const calls = await (async () => served())()
    expect(await calls.add(1, 2)).toBe(3)
  })
})
