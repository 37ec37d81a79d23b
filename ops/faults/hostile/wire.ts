import { connect } from 'node:net'
import type { ServerFrame } from '@verbatim/protocol'

/** The client's side of a WebSocket, which takes any bytes and lets through what no proper client would send. */
export interface Wire {
  write(bytes: Buffer): void
  /** Frames of the server so far. */
  readonly heard: readonly ServerFrame[]
  /** Set when it is over; without a code when the server told none. */
  readonly over: { readonly code?: number } | undefined
  /** Whether it became so within so many milliseconds. */
  until(condition: () => boolean, within?: number): Promise<boolean>
  cut(): void
}

type Head = { readonly fin?: boolean; readonly reserved?: number; readonly opcode?: number; readonly masked?: boolean }

/** A frame as told, right or wrong: RFC 6455, section 5.2. */
export const frameOf = (payload: Buffer | string, head: Head = {}): Buffer => {
  const { fin = true, reserved = 0, opcode = 1, masked = true } = head
  const bytes = Buffer.from(payload)
  const { length } = bytes
  const size = length < 126 ? 2 : length < 65_536 ? 4 : 10
  const key = masked ? Buffer.from([0x37, 0xfa, 0x21, 0x3d]) : Buffer.alloc(0)
  const frame = Buffer.alloc(size + key.length + length)
  frame[0] = (fin ? 0x80 : 0) | reserved | opcode
  frame[1] = (masked ? 0x80 : 0) | (size === 2 ? length : size === 4 ? 126 : 127)
  if (size === 4) frame.writeUInt16BE(length, 2)
  if (size === 10) frame.writeBigUInt64BE(BigInt(length), 2)
  key.copy(frame, size)
  for (let at = 0; at < length; at++) frame[size + key.length + at] = (bytes[at] ?? 0) ^ (key[at & 3] ?? 0)
  return frame
}

/** @throws when the server does not upgrade */
export const openWire = async (port: number): Promise<Wire> => {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  const heard: ServerFrame[] = []
  const waiters = new Set<() => void>()
  const wake = () => {
    for (const waiter of [...waiters]) waiter()
  }
  let over: { code?: number } | undefined
  let upgraded = false
  let rest: Buffer = Buffer.alloc(0)
  const take = (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    if (!upgraded) {
      const end = rest.indexOf('\r\n\r\n')
      if (end < 0) return
      if (!rest.toString('latin1', 0, end).startsWith('HTTP/1.1 101 ')) return void socket.destroy()
      upgraded = true
      rest = rest.subarray(end + 4)
    }
    for (let frame = decoded(rest); frame; frame = decoded(rest)) {
      rest = rest.subarray(frame.end)
      if (frame.opcode === 1) heard.push(JSON.parse(frame.payload.toString()))
      if (frame.opcode === 8) over ??= frame.payload.length > 1 ? { code: frame.payload.readUInt16BE(0) } : {}
    }
    wake()
  }
  socket.on('data', take)
  socket.on('error', () => undefined)
  socket.on('close', () => {
    over ??= {}
    wake()
  })
  socket.write(
    `GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n`,
  )
  const until = (condition: () => boolean, within = PATIENCE): Promise<boolean> =>
    new Promise((resolve) => {
      const finish = (so: boolean) => {
        waiters.delete(look)
        clearTimeout(late)
        resolve(so)
      }
      const look = () => condition() && finish(true)
      const late = setTimeout(() => finish(condition()), within)
      waiters.add(look)
      look()
    })
  if (!(await until(() => upgraded || over !== undefined)) || !upgraded) throw new Error('no socket was opened')
  return {
    heard,
    get over() {
      return over
    },
    until,
    write: (bytes) => void socket.write(bytes),
    cut: () => void socket.destroy(),
  }
}

/** Milliseconds after which what did not come is taken for never. */
const PATIENCE = 15_000

const decoded = (data: Buffer): { opcode: number; payload: Buffer; end: number } | undefined => {
  if (data.length < 2) return undefined
  const short = (data[1] ?? 0) & 127
  const start = short === 126 ? 4 : short === 127 ? 10 : 2
  if (data.length < start) return undefined
  const length = short === 126 ? data.readUInt16BE(2) : short === 127 ? Number(data.readBigUInt64BE(2)) : short
  if (data.length < start + length) return undefined
  return { opcode: (data[0] ?? 0) & 15, payload: data.subarray(start, start + length), end: start + length }
}
