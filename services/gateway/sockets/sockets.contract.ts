import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { conversationTopic, limits, userTopic } from '@verbatim/protocol'
import { ada, tea } from '@verbatim/protocol/examples'
import { afterEach, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import { bareFrame, rawSocket } from '../rig/raw-socket.ts'
import { pause } from '../rig/talking.ts'
import {
  type Edge,
  type EdgeHandlers,
  type HttpAnswer,
  type HttpRequest,
  PortTaken,
  type Socket,
  type SocketAdapter,
} from './port.ts'

type Tag = { readonly tag: string }
const topic = conversationTopic(tea)
const own = userTopic(ada)

/** What every adapter promises; over real connections. */
export const describeSockets = (name: string, adapter: () => SocketAdapter) =>
  describe(`Sockets on ${name}`, () => {
    const edges: Edge[] = []
    afterEach(async () => {
      for (const edge of edges.splice(0)) {
        edge.stopListening()
        await edge.close()
      }
    })

    const start = async (handlers: Partial<EdgeHandlers<Tag>> = {}) => {
      const told: string[] = []
      const sockets: Socket<Tag>[] = []
      const edge = adapter().serve<Tag>({
        request: () => ({ status: 200, headers: [], body: 'fine' }),
        upgrade: () => ({ accept: { tag: `${sockets.length}` } }),
        open: (socket) => void sockets.push(socket),
        text: (_, text) => void told.push(text),
        unfit: (_, why) => void told.push(why),
        drain: (socket) => void told.push(`drain ${socket.data.tag}`),
        close: (socket) => void told.push(`close ${socket.data.tag}`),
        ...handlers,
      })
      edges.push(edge)
      const port = await edge.listen('127.0.0.1', 0)
      return { edge, port, told, sockets }
    }
    const open = async (port: number, rig: { sockets: Socket<Tag>[] }) => {
      const client = new WebSocket(`ws://127.0.0.1:${port}/ws`)
      const seen: string[] = []
      client.on('message', (data) => void seen.push(`${data}`))
      const before = rig.sockets.length
      await new Promise((resolve, reject) => client.on('open', resolve).on('error', reject))
      const socket = await eventually(() => rig.sockets[before])
      return { client, seen, socket }
    }

    it('GW30 listens on a free port and tells which; a port in use is refused with a sentence.', async () => {
      const { port } = await start()
      expect(port).toBeGreaterThan(0)
      const second = adapter().serve<Tag>(noHandlers)
      await expect(second.listen('127.0.0.1', port)).rejects.toThrow(PortTaken)
      await expect(second.listen('127.0.0.1', port)).rejects.toThrow(`127.0.0.1:${port}`)
      await second.close()
    })

    it('GW31 hands over a request whole, and its answer.', async () => {
      let asked: HttpRequest | undefined
      let body: unknown
      const { port } = await start({
        request: async (request) => {
          asked = request
          body = await request.body(100)
          return {
            status: 201,
            headers: [
              ['x-one', '1'],
              ['set-cookie', 'a=1'],
              ['set-cookie', 'b=2'],
            ],
            body: 'made',
          }
        },
      })
      const answer = await ask(port, 'POST', '/some/path%20?a=b&c', { 'x-token': 't' }, 'hello')
      expect(asked).toMatchObject({ method: 'POST', path: '/some/path%20', query: 'a=b&c', address: '127.0.0.1' })
      expect([asked?.header('x-token'), asked?.header('x-none')]).toEqual(['t', ''])
      expect(Buffer.from(body as Uint8Array).toString()).toBe('hello')
      expect(answer).toMatchObject({ status: 201, body: 'made' })
      expect(answer.headers).toMatchObject({ 'x-one': '1', 'set-cookie': ['a=1', 'b=2'], 'content-length': '4' })
    })

    it('GW31 answers HEAD with the length alone, and 204 and 304 with no body.', async () => {
      const { port } = await start({
        request: ({ path }) => ({
          status: Number(path.slice(1)),
          headers: [['etag', '"e"']],
          body: Buffer.from('12345'),
        }),
      })
      expect(await ask(port, 'HEAD', '/200')).toMatchObject({
        status: 200,
        body: '',
        headers: { 'content-length': '5' },
      })
      expect(await ask(port, 'GET', '/304')).toMatchObject({ status: 304, body: '', headers: { etag: '"e"' } })
      expect(await ask(port, 'DELETE', '/204')).toMatchObject({ status: 204, body: '' })
    })

    it.each([
      ['HEAD', 200],
      ['DELETE', 204],
      ['GET', 304],
    ])(
      'GW76 goes on after an answer without a body (%s, %i), or says that it does not, and tells no length that is none.',
      async (method, status) => {
        const { port } = await start({
          request: ({ path }) => ({
            status: Number(path.slice(1)),
            headers: [],
            ...(path === '/200' && { body: 'fine' }),
          }),
        })
        const raw = await rawSocket(port)
        raw.write(`${method} /${status} HTTP/1.1\r\nHost: x\r\n\r\n`)
        const head = (await raw.until((heard) => heard.includes('\r\n\r\n'))).toLowerCase()
        expect(/content-length: *(\d+)/.exec(head)?.[1]).toBe(method === 'HEAD' ? '4' : undefined)
        if (head.includes('connection: close')) return void (await raw.ended())
        raw.write('GET /200 HTTP/1.1\r\nHost: x\r\n\r\n')
        expect(await raw.until((heard) => heard.endsWith('fine'))).toContain(' 200 OK')
        raw.cut()
      },
    )

    it('GW32 takes a body up to its limit, and tells of one byte more; the sender hears the answer.', async () => {
      const { port } = await start({
        request: async (request): Promise<HttpAnswer> => {
          const body = await request.body(100_000)
          return { status: 200, headers: [], body: typeof body === 'string' ? body : `${body.length}` }
        },
      })
      expect((await ask(port, 'POST', '/', {}, 'x'.repeat(100_000))).body).toBe('100000')
      expect((await ask(port, 'POST', '/', {}, 'x'.repeat(100_001))).body).toBe('too-large')
      expect((await ask(port, 'POST', '/', {}, 'x'.repeat(3_000_000))).body).toBe('too-large')
      expect((await ask(port, 'POST', '/', {}, '')).body).toBe('0')
    })

    it('GW32 tells of a body that was cut off, and survives a handler that throws.', async () => {
      const outcomes: unknown[] = []
      const { port } = await start({
        request: async (request) => {
          if (request.path === '/throws') throw new Error('a mistake')
          outcomes.push(await request.body(1_000))
          return { status: 200, headers: [] }
        },
      })
      const raw = await rawSocket(port)
      raw.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf')
      await pause(30)
      raw.cut()
      await eventually(() => outcomes.length === 1 || undefined)
      expect(outcomes).toEqual(['aborted'])
      await expect(ask(port, 'GET', '/throws')).rejects.toThrow()
      expect((await ask(port, 'GET', '/')).status).toBe(200)
    })

    it('GW33 carries text both ways in order.', async () => {
      const rig = await start()
      const { client, seen, socket } = await open(rig.port, rig)
      for (let n = 0; n < 50; n++) client.send(`up ${n} é`)
      await eventually(() => rig.told.length === 50 || undefined)
      expect(rig.told).toEqual(Array.from({ length: 50 }, (_, n) => `up ${n} é`))
      socket.cork(() => {
        for (let n = 0; n < 50; n++) expect(socket.send(`down ${n} é`)).not.toBe('dropped')
      })
      await eventually(() => seen.length === 50 || undefined)
      expect(seen).toEqual(Array.from({ length: 50 }, (_, n) => `down ${n} é`))
    })

    it('GW33 takes a frame at the limit, and tells of one byte more and of a binary one without closing.', async () => {
      const rig = await start()
      const { client } = await open(rig.port, rig)
      client.send('x'.repeat(limits.frameBytes))
      client.send('x'.repeat(limits.frameBytes + 1))
      client.send(Buffer.from('binary'))
      client.send('after')
      await eventually(() => rig.told.includes('after') || undefined)
      expect(rig.told.map((told) => told.slice(0, 9))).toEqual(['xxxxxxxxx', 'too-large', 'binary', 'after'])
      expect(rig.told[0]).toHaveLength(limits.frameBytes)
    })

    it('GW34 publishes to subscribers alone, in one order with what is sent to them.', async () => {
      const rig = await start()
      const [one, other] = [await open(rig.port, rig), await open(rig.port, rig)]
      one.socket.subscribe(topic)
      one.socket.subscribe(own)
      rig.edge.publish(topic, '1')
      one.socket.send('2')
      rig.edge.publish(own, '3')
      rig.edge.publish(topic, `4${'x'.repeat(40_000)}`)
      one.socket.cork(() => one.socket.send('5'))
      rig.edge.publish(topic, '6')
      other.socket.send('end')
      await eventually(() => (one.seen.length === 6 && other.seen.length === 1) || undefined)
      expect(one.seen.map((text) => text[0])).toEqual(['1', '2', '3', '4', '5', '6'])
      expect(other.seen).toEqual(['end'])
    })

    it('GW34 still delivers what was published before an unsubscription or a subscription, and keeps them apart.', async () => {
      const rig = await start()
      const { seen, socket } = await open(rig.port, rig)
      socket.subscribe(own)
      rig.edge.publish(topic, 'before joining')
      socket.subscribe(topic)
      rig.edge.publish(topic, 'while a member')
      socket.unsubscribe(topic)
      rig.edge.publish(topic, 'after leaving')
      rig.edge.publish(own, 'end')
      await eventually(() => seen.includes('end') || undefined)
      expect(seen).toEqual(['while a member', 'end'])
    })

    it('GW34 still delivers what was published before the last unsubscription of a socket.', async () => {
      const rig = await start()
      const { seen, socket } = await open(rig.port, rig)
      socket.subscribe(topic)
      rig.edge.publish(topic, 'while a member')
      socket.unsubscribe(topic)
      rig.edge.publish(topic, 'after leaving')
      await pause(20)
      socket.send('end')
      await eventually(() => seen.includes('end') || undefined)
      expect(seen).toEqual(['while a member', 'end'])
    })

    it('GW35 closes with code and reason, tells so once, and is deaf from then on.', async () => {
      const rig = await start()
      const { client, seen, socket } = await open(rig.port, rig)
      socket.subscribe(topic)
      const closed = new Promise<[number, string]>((resolve) =>
        client.on('close', (code, reason) => resolve([code, `${reason}`])),
      )
      socket.send('last')
      socket.close(4401, 'not-signed-in')
      expect(socket.open).toBe(false)
      expect(socket.send('too late')).toBe('dropped')
      socket.subscribe(topic)
      socket.unsubscribe(topic)
      socket.close(1012, 'again')
      rig.edge.publish(topic, 'too late')
      expect(await closed).toEqual([4401, 'not-signed-in'])
      await eventually(() => rig.told.includes('close 0') || undefined)
      expect(rig.told).toEqual(['close 0'])
      expect(seen).toEqual(['last'])
      expect(socket.buffered()).toBe(0)
    })

    it('GW35 tells of a client that goes away.', async () => {
      const rig = await start()
      const { client } = await open(rig.port, rig)
      client.terminate()
      await eventually(() => rig.told.includes('close 0') || undefined)
    })

    it('GW36 cuts a socket that does not read, holds little for it, and goes on for the others.', async () => {
      const rig = await start()
      const stalled = await rawSocket(rig.port)
      await stalled.upgrade()
      stalled.pause()
      const behind = await eventually(() => rig.sockets[0])
      const reader = await open(rig.port, rig)
      for (const socket of [behind, reader.socket]) socket.subscribe(topic)
      const frame = 'x'.repeat(32 * 1024)
      let most = 0
      let published = 0
      while (!rig.told.includes('close 0') && published < 2_000) {
        rig.edge.publish(topic, frame)
        published++
        most = Math.max(most, behind.buffered())
        await pause(published % 8 === 0 ? 1 : 0)
        await eventually(() => reader.seen.length > published - 64 || undefined)
      }
      expect(rig.told.filter((told) => told.startsWith('close'))).toEqual(['close 0'])
      expect(most).toBeLessThanOrEqual(limits.socketBuffer + 2 * frame.length)
      await eventually(() => reader.seen.length === published || undefined)
      stalled.cut()
    })

    it('GW37 says how much is buffered, and tells when it has gone.', async () => {
      const rig = await start()
      const slow = await rawSocket(rig.port)
      await slow.upgrade()
      slow.pause()
      const socket = await eventually(() => rig.sockets[0])
      for (let sent = 0; socket.buffered() === 0 && sent < 500; sent++) {
        expect(socket.send('x'.repeat(64 * 1024))).not.toBe('dropped')
        await pause(1)
      }
      expect(socket.buffered()).toBeGreaterThan(0)
      expect(socket.send('more')).toBe('buffered')
      slow.resume()
      await eventually(() => rig.told.includes('drain 0') || undefined)
      await eventually(() => socket.buffered() === 0 || undefined)
    })

    it('GW38 refuses an upgrade with an answer, and one without the version of the protocol.', async () => {
      const { port } = await start({
        upgrade: (request) =>
          request.header('origin') === 'http://evil.example'
            ? { refuse: { status: 403, headers: [['x-why', 'origin']], body: 'no' } }
            : { accept: { tag: 'x' } },
      })
      const refused = await new Promise((resolve) =>
        new WebSocket(`ws://127.0.0.1:${port}/ws`, { origin: 'http://evil.example' })
          .on('unexpected-response', (_, response) => resolve([response.statusCode, response.headers['x-why']]))
          .on('error', () => undefined),
      )
      expect(refused).toEqual([403, 'origin'])
      const raw = await rawSocket(port)
      raw.write(
        'GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 7\r\n\r\n',
      )
      expect(await raw.until((text) => text.includes('\r\n\r\n'))).toMatch(/^HTTP\/1\.1 4\d\d /)
      raw.cut()
    })

    it.each([
      ['GET', '/path', 'h2c'],
      ['DELETE', '/path', 'h2c'],
      ['GET', '/path', 'websocket'],
      ['GET', '/ws', 'h2c'],
    ])('GW78 answers %s %s as if there were no offer to speak %s.', async (method, path, upgrade) => {
      const { port, sockets } = await start({
        request: async (request) => {
          const body = await request.body(100)
          return { status: 200, headers: [], body: `${request.method} ${request.path} ${body.length}` }
        },
        upgrade: () => ({ refuse: { status: 403, headers: [] } }),
      })
      const raw = await rawSocket(port)
      raw.write(
        `${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: ${upgrade}\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n`,
      )
      expect(await raw.until((heard) => heard.endsWith(`${method} ${path} 0`))).toMatch(/^HTTP\/1\.1 200 /)
      expect(sockets).toEqual([])
      raw.cut()
    })

    it.each(broken)('GW39 ends a connection that sends %s, and no other.', async (_, bytes) => {
      const rig = await start()
      const good = await open(rig.port, rig)
      const raw = await rawSocket(rig.port)
      await raw.upgrade()
      raw.write(bytes)
      await raw.ended()
      good.client.send('still here')
      await eventually(() => rig.told.includes('still here') || undefined)
      expect(rig.told.filter((told) => !told.startsWith('close'))).toEqual(['still here'])
    })

    it('GW39 stands after an unmasked frame, whatever is made of it.', async () => {
      const rig = await start()
      const good = await open(rig.port, rig)
      const raw = await rawSocket(rig.port)
      await raw.upgrade()
      raw.write(bareFrame({ opcode: 1, payload: 'not masked, as only servers may', mask: false }))
      await pause(30)
      raw.cut()
      good.client.send('still here')
      await eventually(() => rig.told.includes('still here') || undefined)
    })

    it('GW39 puts together a message in fragments with a ping between them.', async () => {
      const rig = await start()
      const raw = await rawSocket(rig.port)
      await raw.upgrade()
      raw.write(
        Buffer.concat([
          bareFrame({ opcode: 1, fin: false, payload: 'one ' }),
          bareFrame({ opcode: 9, payload: 'ping' }),
          bareFrame({ opcode: 0, payload: 'two' }),
        ]),
      )
      await eventually(() => rig.told.includes('one two') || undefined)
      raw.cut()
    })
  })

/** Autobahn's groups in small: what is not a WebSocket frame. */
const broken: [string, Buffer][] = [
  ['an unknown data opcode', bareFrame({ opcode: 3, payload: 'x' })],
  ['an unknown control opcode', bareFrame({ opcode: 11, payload: 'x' })],
  ['reserved bits', bareFrame({ opcode: 1, payload: 'x', reserved: 0x70 })],
  ['a ping in fragments', bareFrame({ opcode: 9, payload: 'x', fin: false })],
  ['a ping of 126 bytes', bareFrame({ opcode: 9, payload: 'x'.repeat(126) })],
  ['a continuation of nothing', bareFrame({ opcode: 0, payload: 'x' })],
  [
    'a new message inside of another',
    Buffer.concat([bareFrame({ opcode: 1, payload: 'x', fin: false }), bareFrame({ opcode: 1, payload: 'y' })]),
  ],
  ['text that is not UTF-8', bareFrame({ opcode: 1, payload: Buffer.from([0xc3, 0x28]) })],
  ['a lone surrogate in UTF-8', bareFrame({ opcode: 1, payload: Buffer.from([0xed, 0xa0, 0x80]) })],
  ['a length of 2^40', Buffer.from([0x81, 0xff, 0, 0, 1, 0, 0, 0, 0, 0, 1, 2, 3, 4])],
  ['a length of 2^63', Buffer.from([0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4])],
  ['a close frame of one byte', bareFrame({ opcode: 8, payload: 'x' })],
  ['a close frame with a reserved code', bareFrame({ opcode: 8, payload: Buffer.from([0x03, 0xed]) })],
]

const noHandlers: EdgeHandlers<Tag> = {
  request: () => ({ status: 200, headers: [] }),
  upgrade: () => ({ accept: { tag: '' } }),
  open: () => undefined,
  text: () => undefined,
  unfit: () => undefined,
  drain: () => undefined,
  close: () => undefined,
}

/** @throws when it has not come within three seconds */
const eventually = async <T>(look: () => T | undefined): Promise<T> => {
  for (const until = Date.now() + 3_000; Date.now() < until; await pause(2)) {
    const found = look()
    if (found !== undefined) return found
  }
  throw new Error('it did not come')
}

type Heard = { status: number; headers: IncomingHttpHeaders; body: string }
const ask = (port: number, method: string, path: string, headers: Record<string, string> = {}, body?: string) =>
  new Promise<Heard>((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': `${Buffer.byteLength(body)}` }
    const sent = httpRequest({
      port,
      host: '127.0.0.1',
      method,
      path,
      headers: { ...headers, ...length },
      agent: false,
    })
    sent.on('error', reject)
    sent.on('response', (response) => {
      let text = ''
      response.on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }))
    })
    sent.end(body)
  })
