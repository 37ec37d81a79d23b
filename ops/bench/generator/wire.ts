import { createHash, randomBytes } from 'node:crypto'
import { connect as connectTcp, type Socket } from 'node:net'

/** The client's side of RFC 6455, no more than a load needs: a slow generator would flatter every server that it measures. */
export interface Wire {
  /** Frames of one turn leave in one write. */
  send(text: string): void
  close(): void
}

type Heard = { text(payload: Buffer): void; closed(reason: string): void }

/** @param url `http://host:port` */
export const connect = (url: string, heard: Heard): Promise<Wire> => {
  const { hostname, port, host } = new URL(url)
  const key = randomBytes(16).toString('base64')
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
  return new Promise((resolve, reject) => {
    const socket = connectTcp({ host: hostname, port: Number(port), noDelay: true })
    socket.once('error', reject)
    socket.write(
      `GET /ws HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n\r\n`,
    )
    let head = Buffer.alloc(0)
    const upgraded = (chunk: Buffer) => {
      head = Buffer.concat([head, chunk])
      const end = head.indexOf('\r\n\r\n')
      if (end < 0) return
      socket.off('data', upgraded)
      if (!head.subarray(0, end).toString('latin1').includes(accept)) return reject(new Error(head.toString('latin1')))
      listen(socket, heard, head.subarray(end + 4))
      resolve(speak(socket))
    }
    socket.on('data', upgraded)
  })
}

const speak = (socket: Socket): Wire => {
  let waiting: Buffer[] = []
  const flush = () => {
    socket.write(waiting.length === 1 ? (waiting[0] as Buffer) : Buffer.concat(waiting))
    waiting = []
  }
  return {
    send: (text) => {
      if (waiting.push(encode(0x81, Buffer.from(text))) === 1) queueMicrotask(flush)
    },
    close: () => socket.destroy(),
  }
}

/** A mask of zeros is a mask, and spares the generator the masking. */
const encode = (first: number, payload: Buffer): Buffer => {
  const length = payload.length
  const size = length < 126 ? 6 : length < 65_536 ? 8 : 14
  const frame = Buffer.alloc(size + length)
  frame[0] = first
  if (length < 126) frame[1] = 0x80 | length
  else if (length < 65_536) {
    frame[1] = 0x80 | 126
    frame.writeUInt16BE(length, 2)
  } else {
    frame[1] = 0x80 | 127
    frame.writeBigUInt64BE(BigInt(length), 2)
  }
  payload.copy(frame, size)
  return frame
}

const listen = (socket: Socket, heard: Heard, first: Buffer): void => {
  let rest: Buffer = Buffer.alloc(0)
  const take = (chunk: Buffer) => {
    let data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    for (let frame = decode(data); frame; frame = decode(data)) {
      data = data.subarray(frame.end)
      if (frame.opcode === 1) heard.text(frame.payload)
      else if (frame.opcode === 9) socket.write(encode(0x8a, frame.payload))
      else if (frame.opcode === 8)
        heard.closed(`code ${frame.payload.length > 1 ? frame.payload.readUInt16BE(0) : 'none'}`)
    }
    rest = data
  }
  socket.on('data', take)
  socket.on('error', (error) => heard.closed(error.message))
  socket.on('close', () => heard.closed('the connection ended'))
  take(first)
}

const decode = (data: Buffer): { opcode: number; payload: Buffer; end: number } | undefined => {
  if (data.length < 2) return undefined
  const short = (data[1] as number) & 127
  const start = short === 126 ? 4 : short === 127 ? 10 : 2
  if (data.length < start) return undefined
  const length = short === 126 ? data.readUInt16BE(2) : short === 127 ? Number(data.readBigUInt64BE(2)) : short
  if (data.length < start + length) return undefined
  return { opcode: (data[0] as number) & 15, payload: data.subarray(start, start + length), end: start + length }
}
