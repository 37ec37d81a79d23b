import { type IncomingMessage, ServerResponse, STATUS_CODES } from 'node:http'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { DISCARD_AT_MOST, type EdgeHandlers, type HttpAnswer, type HttpRequest } from '../port.ts'
import { addressText } from './address-text.ts'

export const nodeRequest = (raw: IncomingMessage): HttpRequest => {
  const url = raw.url ?? '/'
  const mark = url.indexOf('?')
  return {
    method: raw.method ?? 'GET',
    path: mark === -1 ? url : url.slice(0, mark),
    query: mark === -1 ? '' : url.slice(mark + 1),
    header: (name) => raw.headersDistinct[name]?.join(', ') ?? '',
    address: addressText(raw.socket.remoteAddress ?? ''),
    body: (atMost) => collect(raw, atMost),
  }
}

export const respond = async <Data extends object>(
  raw: IncomingMessage,
  response: ServerResponse,
  handlers: EdgeHandlers<Data>,
): Promise<void> => {
  // What stands behind a request without an answer, or behind one that was hung up on, could have been smuggled in by it.
  const before = connections.get(raw.socket)
  if (before === 'answering') return void raw.socket.destroy()
  if (before === 'hung-up') return
  connections.set(raw.socket, 'answering')
  response.on('error', () => raw.destroy())
  response.on('close', () => {
    if (connections.get(raw.socket) === 'answering') connections.delete(raw.socket)
  })
  try {
    const { status, headers, body = '', hangUp } = await handlers.request(nodeRequest(raw))
    // A body that nobody asked for would else stand before the next request.
    raw.resume()
    for (const [name, value] of headers) response.appendHeader(name, value)
    if (status !== 204 && status !== 304) response.setHeader('content-length', Buffer.byteLength(body))
    if (hangUp) {
      response.shouldKeepAlive = false
      connections.set(raw.socket, 'hung-up')
    }
    response.writeHead(status)
    response.end(raw.method === 'HEAD' ? undefined : body)
  } catch {
    raw.destroy()
  }
}

const connections = new WeakMap<Socket, 'answering' | 'hung-up'>()

/**
 * A client may offer to speak something else, and takes it when nobody wants to. Node has let go of the connection by
 * then: it ends with the answer, and a body, which nobody reads any more, is refused.
 */
export const passOverUpgrade = <Data extends object>(
  raw: IncomingMessage,
  stream: Duplex,
  handlers: EdgeHandlers<Data>,
): void => {
  const hasBody = raw.headers['transfer-encoding'] !== undefined || Number(raw.headers['content-length'] ?? 0) !== 0
  if (hasBody || !(stream instanceof Socket)) {
    refuseUpgrade(stream, { status: 400, headers: [] })
    return
  }
  raw.push(null)
  const response = new ServerResponse(raw)
  response.shouldKeepAlive = false
  response.assignSocket(stream)
  response.on('finish', () => stream.end())
  void respond(raw, response, handlers)
}

/** The answer by hand: a refused upgrade has no response object. */
export const refuseUpgrade = (stream: Duplex, { status, headers, body = '' }: HttpAnswer): void => {
  const lines = [...headers, ['content-length', `${Buffer.byteLength(body)}`], ['connection', 'close']]
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  stream.write(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${head}\r\n`)
  stream.end(body)
}

const collect = (raw: IncomingMessage, atMost: number): Promise<Uint8Array | 'too-large' | 'aborted'> =>
  new Promise((resolve) => {
    if (Number(raw.headers['content-length'] ?? 0) > DISCARD_AT_MOST) return resolve('too-large')
    let chunks: Buffer[] = []
    let size = 0
    raw.on('data', (chunk: Buffer) => {
      size += chunk.byteLength
      if (size > atMost) chunks = []
      else chunks.push(chunk)
      if (size > DISCARD_AT_MOST) resolve('too-large')
    })
    raw.on('end', () => resolve(size > atMost ? 'too-large' : Buffer.concat(chunks)))
    raw.on('close', () => resolve('aborted'))
  })
