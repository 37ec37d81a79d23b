import { connect } from 'node:net'

/** A connection below HTTP, for what no proper client would send. */
export const rawSocket = async (port: number) => {
  const socket = connect({ port, host: '127.0.0.1' })
  let heard = ''
  let over = false
  socket.on('data', (chunk) => {
    heard += chunk.toString('latin1')
  })
  socket.on('error', () => undefined)
  socket.on('close', () => {
    over = true
  })
  await new Promise((resolve) => socket.on('connect', resolve))
  const wait = async (done: () => boolean): Promise<string> => {
    for (const late = Date.now() + 3_000; Date.now() < late; await new Promise((next) => setTimeout(next, 2)))
      if (done()) return heard
    throw new Error(`it did not come; heard: ${heard.slice(0, 300)}`)
  }
  return {
    write: (bytes: string | Uint8Array) => void socket.write(bytes),
    until: (done: (heard: string) => boolean) => wait(() => done(heard)),
    /** The other side has ended it. */
    ended: () => wait(() => over),
    /** A frame of the protocol, in a proper WebSocket frame. */
    say: (frame: object) => void socket.write(bareFrame({ opcode: 1, payload: JSON.stringify(frame) })),
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    cut: () => void socket.destroy(),
    async upgrade(path = '/ws') {
      socket.write(
        `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n`,
      )
      await wait(() => heard.includes('\r\n\r\n'))
    },
  }
}

type Bare = {
  readonly opcode: number
  readonly payload: string | Buffer
  readonly fin?: boolean
  readonly mask?: boolean
  readonly reserved?: number
}

/** A WebSocket frame as told, right or wrong. RFC 6455, section 5.2. */
export const bareFrame = ({ opcode, payload, fin = true, mask = true, reserved = 0 }: Bare): Buffer => {
  const bytes = Buffer.from(payload)
  const head = [(fin ? 0x80 : 0) | reserved | opcode]
  if (bytes.length < 126) head.push((mask ? 0x80 : 0) | bytes.length)
  else head.push((mask ? 0x80 : 0) | 126, bytes.length >> 8, bytes.length & 255)
  if (!mask) return Buffer.concat([Buffer.from(head), bytes])
  const key = [1, 2, 3, 4]
  return Buffer.concat([Buffer.from([...head, ...key]), bytes.map((byte, at) => byte ^ (key[at & 3] ?? 0))])
}
