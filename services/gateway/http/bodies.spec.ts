import { commandSchemas, limits, notYet } from '@verbatim/protocol'
import { contract } from '@verbatim/protocol/contract'
import * as examples from '@verbatim/protocol/examples'
import { describe, expect, it } from 'vitest'
import { ask } from '../rig/asking.ts'
import { rawSocket } from '../rig/raw-socket.ts'
import { cast, startGateway, tokenOf } from '../rig/rig.ts'
import { openSockets } from '../sockets/open-sockets.ts'

const { ada, bob } = cast
const token = tokenOf(ada.id)
const built = contract.filter((row) => !row.later && row.path !== '/metrics')

describe('bodies', () => {
  const rows = built.filter(({ takes }) => takes)
  const unfit: [string, string][] = [
    ['nothing', ''],
    ['no JSON', '{'],
    ['null', 'null'],
    ['a list', '[]'],
    ['a number', '7'],
    ['a text', '"text"'],
    ['an empty object', '{}'],
    ['a poisoned key', '{"__proto__":{"user":"x"}}'],
    ['depth', `${'{"a":'.repeat(40)}1${'}'.repeat(40)}`],
    ['great depth', '['.repeat(100_000)],
    ['bytes that are not UTF-8', '\ud800'],
  ]
  it.each(rows)('GW47 refuses what is no body for $method $path with 400 and a reason.', async ({ method, path }) => {
    const rig = await startGateway()
    for (const [what, body] of unfit) {
      const answer = await ask(rig.port, `${method} ${path}`, { body, token })
      expect([what, answer.status, answer.json]).toEqual([
        what,
        400,
        { refused: 'malformed', detail: expect.any(String) },
      ])
    }
    const typed = await ask(rig.port, `${method} ${path}`, {
      body: '{}',
      token,
      headers: { 'content-type': 'text/plain' },
    })
    expect(typed).toMatchObject({ status: 400, json: { refused: 'malformed' } })
    expect(rig.orders).toEqual([])
    expect((await ask(rig.port, 'GET /health')).status).toBe(200)
  })

  it('GW47 refuses each field of each body and command that is of another type, missing, or unknown.', async () => {
    const rig = await startGateway()
    const commands = Object.values(examples)
      .filter((make) => typeof make === 'function')
      .map((make) => (make as () => unknown)())
      .filter((made): made is { type: string } =>
        Object.hasOwn(commandSchemas, (made as { type?: string })?.type ?? ''),
      )
    const bodies = [
      { path: '/api/auth/register', good: { handle: 'ada', name: 'Ada', password: examples.password } },
      { path: '/api/auth/login', good: { handle: 'ada', password: examples.password } },
      { path: '/api/me/friend/request', good: { user: bob.id } },
      { path: '/api/me/friend/add', good: { user: bob.id } },
      ...commands
        .filter(({ type }) => !notYet.some((later) => later === type))
        .map((good) => ({ path: '/api/commands', good })),
    ]
    expect(new Set(commands.map(({ type }) => type)).size).toBe(Object.keys(commandSchemas).length)
    const wrong = [null, true, -1.5, [], ['x'], {}, { $ne: null }, { $gt: '' }, '\0', '\ud800', 'x'.repeat(70_000)]
    const fields = bodies.flatMap(({ path, good }) => [
      { path, body: { ...good, surprise: 1 } },
      ...Object.keys(good).flatMap((field) =>
        wrong.filter((value) => !isFine(field, value)).map((value) => ({ path, body: { ...good, [field]: value } })),
      ),
    ])
    for (const { path, body } of fields) {
      const { status, json } = await ask(rig.port, `POST ${path}`, { body, token })
      const what = JSON.stringify(body).slice(0, 200)
      expect([what, status, json]).toEqual([what, 400, { refused: 'malformed', detail: expect.any(String) }])
    }
    expect(rig.orders).toEqual([])
    expect(fields.length).toBeGreaterThan(500)
  }, 30_000)

  it('GW48 takes a body at the limit and refuses one byte more with 413.', async () => {
    const rig = await startGateway()
    const command = JSON.stringify(examples.sendMessage())
    const fits = await ask(rig.port, 'POST /api/commands', { token, body: command.padEnd(limits.bodyBytes) })
    expect(fits.status).toBe(200)
    const large = await ask(rig.port, 'POST /api/commands', { token, body: command.padEnd(limits.bodyBytes + 1) })
    expect(large).toMatchObject({ status: 413, json: { refused: 'too-large' } })
  })

  const smuggling: [string, string][] = [
    ['a body in chunks', 'Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n'],
    ['two lengths', 'Content-Length: 2\r\nContent-Length: 7\r\n\r\n{}'],
    ['a length and chunks', 'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['a length that is no number', 'Content-Length: two\r\n\r\n{}'],
    ['a negative length', 'Content-Length: -2\r\n\r\n{}'],
  ]
  it.each(smuggling.flatMap(([what, rest]) => (['auto', 'ws'] as const).map((sockets) => ({ what, rest, sockets }))))(
    'GW49 does nothing with $what, and takes nothing behind it for a request ($sockets).',
    async ({ rest, sockets }) => {
      const rig = await startGateway({ sockets: openSockets(sockets) })
      const raw = await rawSocket(rig.port)
      const head = `POST /api/commands HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\n`
      const command = JSON.stringify(examples.sendMessage())
      raw.write(`${head}${rest}${head}Content-Length: ${command.length}\r\n\r\n${command}`)
      expect(await raw.ended()).not.toContain(' 200 ')
      expect(rig.orders).toEqual([])
    },
  )

  it.each(['auto', 'ws'] as const)(
    'GW77 makes no socket of a request with a body, and nothing of what stands behind it (%s).',
    async (sockets) => {
      const rig = await startGateway({ sockets: openSockets(sockets) })
      const command = JSON.stringify(examples.sendMessage())
      const hidden = `POST /api/commands HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: ${command.length}\r\n\r\n${command}`
      const upgrade =
        'GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n'
      for (const body of [
        `Content-Length: ${hidden.length}\r\n\r\n${hidden}`,
        `Content-Length: 2\r\n\r\n{}${hidden}`,
        `Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
      ]) {
        const raw = await rawSocket(rig.port)
        raw.write(upgrade + body)
        expect(await raw.ended()).not.toMatch(/ 101 | 200 /)
      }
      expect(rig.orders).toEqual([])
    },
  )

  it.each(['auto', 'ws'] as const)(
    'GW77 says what opens at the socket’s path to whoever asks for a page (%s).',
    async (sockets) => {
      const rig = await startGateway({ sockets: openSockets(sockets) })
      expect(await ask(rig.port, 'GET /ws')).toMatchObject({
        status: 426,
        headers: { upgrade: 'websocket' },
        json: { refused: 'malformed' },
      })
    },
  )
})

const isFine = (field: string, value: unknown): boolean =>
  ((field === 'avatar' || field === 'mutedUntil') && value === null) ||
  (field === 'members' && Array.isArray(value) && value.length === 0) ||
  // Of these any text may be tried; it only is not right.
  ((field === 'password' || field === 'handle') && typeof value === 'string' && value.length < 1_000)
