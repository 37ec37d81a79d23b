import type { Ledger } from './ledger.ts'
import { connect, type Wire } from './wire.ts'

/** Opens one socket a token, says hello, and hands what arrives to the ledger. */
export const openSockets = async (url: string, tokens: readonly string[], ledger: Ledger): Promise<Wire[]> => {
  const wires: Wire[] = []
  // In small groups: a listen queue is short, and the server signs each socket in.
  for (let start = 0; start < tokens.length; start += 50) {
    const group = tokens.slice(start, start + 50).map((token, i) => open(url, token, start + i, ledger))
    wires.push(...(await Promise.all(group)))
  }
  return wires
}

const open = async (url: string, token: string, index: number, ledger: Ledger): Promise<Wire> => {
  let ready: () => void = () => undefined
  let failed: (error: Error) => void = () => undefined
  const signedIn = new Promise<void>((resolve, reject) => {
    ready = resolve
    failed = reject
  })
  let live = false
  const wire = await connect(url, {
    text: (payload) => {
      if (live) ledger.frame(index, payload)
      else if (payload.includes('"type":"ready"')) {
        live = true
        ready()
      }
    },
    closed: (reason) => {
      failed(new Error(`socket ${index} was closed before it was ready: ${reason}`))
      ledger.closed(index, reason)
    },
  })
  wire.send(JSON.stringify({ type: 'hello', token }))
  await signedIn
  return wire
}
