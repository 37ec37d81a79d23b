import type { Ulid } from '@verbatim/protocol'
import { type ContractRow, contract } from '@verbatim/protocol/contract'
import { bob, everyCommand, password } from '@verbatim/protocol/examples'
import { type Cast, castIn } from './cast.ts'
import type { Dice } from './dice.ts'
import { mutated } from './mutate.ts'
import { hostileValues } from './values.ts'

/** A request that is whole as HTTP and wrong in what it says. */
export type HostileRequest = {
  readonly bytes: Buffer
  readonly method: string
  readonly path: string
  /** It carries a position, so its model may be behind it. */
  readonly waits: boolean
}

export const hostileRequest = (dice: Dice, cast: Cast, mint: () => Ulid): HostileRequest => {
  const row = rowOf(dice)
  const method = dice.once(12) ? dice.pick(['PUT', 'PATCH', 'TRACE', 'OPTIONS', 'HEAD', 'POST', 'DELETE']) : row.method
  const path = dice.once(12) ? otherPath(dice, row.path) : placed(dice, row.path, cast)
  const body = hasBody(method) ? bodyOf(dice, row, { cast, mint }) : Buffer.alloc(0)
  const waits = dice.once(40)
  const headers = [
    'Host: localhost',
    // From elsewhere: whoever reads the figures on this machine begins their times anew.
    'X-Forwarded-For: 198.51.100.7',
    ...(row.path === '/api/auth/logout' ? [] : [`Authorization: ${authorization(dice, cast.token)}`]),
    ...(hasBody(method) ? [`Content-Type: ${contentType(dice)}`, `Content-Length: ${body.length}`] : []),
    ...(waits
      ? [`X-Verbatim-Position: ${dice.pick(['-1', '1e3', '0', '1', '0x1', '9'.repeat(16), '٣', '1, 2'])}`]
      : []),
    ...(dice.once(10) ? [dice.pick(oddHeaders)] : []),
  ]
  const head = `${method} ${path}${queryOf(dice, row)} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`
  return { bytes: Buffer.concat([Buffer.from(head), body]), method, path, waits }
}

const isSlow = ({ takes }: ContractRow): boolean => takes === 'register' || takes === 'login'
const rows = contract.filter(({ later }) => !later)
const rowOf = (dice: Dice): ContractRow => {
  // Commands are most of what there is to say. Passwords are hashed, which is slow on purpose: they come rarely.
  const row = dice.pick(dice.once(10) ? contract : rows)
  const commands = rows.find(({ takes }) => takes === 'command') ?? row
  return dice.once(3) || (isSlow(row) && !dice.once(8)) ? commands : row
}
const hasBody = (method: string): boolean => method !== 'GET' && method !== 'HEAD'

const placed = (dice: Dice, path: string, cast: Cast): string =>
  path.replaceAll(/:\w+/g, () =>
    dice.pick([
      ...([cast.group, cast.theirs, cast.attacker, cast.bystanders[0], cast.group.toLowerCase()] as const),
      ...[
        '..',
        '.',
        '%2e%2e%2f',
        '%00',
        '%ff',
        '%',
        '%zz',
        '__proto__',
        'constructor',
        '',
        '*',
        "'--",
        'a'.repeat(900),
      ],
      encoded(dice.pick(hostileValues)),
    ]),
  )
const otherPath = (dice: Dice, path: string): string =>
  dice.pick([
    ...[
      `${path}/`,
      `/${path}`,
      path.toUpperCase(),
      `${path};a=b`,
      `${path}%00`,
      `${path}/..`,
      `${path}/../me`,
      `${path}#x`,
    ],
    ...['/', '//', '/..', '/../../etc/passwd', '/__proto__', '/constructor', '/api', '/api/', '/assets/../index.html'],
    ...['/%2e%2e/%2e%2e/etc/passwd', '/index.html/', '/.env', '/api/%61uth/providers', `/${'a/'.repeat(500)}`],
  ])
const queryOf = (dice: Dice, { query }: ContractRow): string => {
  if (dice.once(2)) return ''
  const names = [...Object.keys(query ?? {}), 'limit', '__proto__', '', 'query']
  const one = () => `${names[dice.below(names.length)]}=${value(dice)}`
  return `?${Array.from({ length: 1 + dice.below(3) }, one).join(dice.pick(['&', '&', '&&', ';', '?']))}`
}
const value = (dice: Dice): string =>
  dice.pick([
    ...[
      '',
      '-1',
      '-2',
      '0',
      '1',
      '101',
      '1e3',
      '0x10',
      '999999999999999',
      '9999999999999999',
      'NaN',
      '1.5',
      '%00',
      '%ff',
    ],
    ...[
      '%',
      '%zz',
      '2026-01-31T12:00:00Z',
      '2026-13-99T99:99:99Z',
      '9999-12-31T23:59:59Z',
      '0000-01-01T00:00:00Z',
      'ada',
    ],
    ...['ad*', '"', '%22%22', 'a%20OR%20b', 'NEAR(', 'D0000000000000000000000000', '%F0%9F%98%80', 'x'.repeat(900)],
    encoded(dice.pick(hostileValues)),
  ])
/** No longer than a line of HTTP may be. */
const encoded = (text: string): string => encodeURIComponent(text.slice(0, 200).toWellFormed())

const authorization = (dice: Dice, token: string): string =>
  dice.once(6)
    ? dice.pick([
        ...['', 'Bearer', 'Bearer ', 'bearer x', 'Basic YTpi', 'Bearer a.b.c', `Bearer ${token.slice(0, -2)}`],
        ...[
          `Bearer ${token}x`,
          `Bearer ${token} ${token}`,
          `Bearer ${'a'.repeat(1_500)}`,
          `Token ${token}`,
          `Bearer ${noneOf(token)}`,
        ],
      ])
    : `Bearer ${token}`
/** The same claims, signed by nobody. */
const noneOf = (token: string): string =>
  `${Buffer.from('{"alg":"none"}').toString('base64url')}.${token.split('.')[1]}.`
const contentType = (dice: Dice): string =>
  dice.once(15)
    ? dice.pick([
        '',
        'text/plain',
        'application/json; charset=utf-16',
        'multipart/form-data; boundary=x',
        '*/*',
        'a'.repeat(1_000),
      ])
    : 'application/json'
const oddHeaders: readonly string[] = [
  'Origin: null',
  'Origin: http://evil.example',
  'Origin: http://localhost.evil.example',
  'Sec-Fetch-Site: cross-site',
  'Cookie: verbatim_refresh=x; verbatim_refresh=y',
  `Cookie: ${'a=b; '.repeat(150)}`,
  'Cookie: verbatim_attempt=%00; __proto__=x',
  'Accept-Encoding: br;q=0, *;q=-1, gzip;q=x',
  'If-None-Match: *',
  'X-Real-IP: ::1',
  'X-HTTP-Method-Override: DELETE',
  'User-Agent: \u00ff\u00fe',
  'Range: bytes=0-0,1-1,-5',
  'constructor: x',
]

const bodyOf = (dice: Dice, { takes }: ContractRow, { cast, mint }: { cast: Cast; mint: () => Ulid }): Buffer => {
  if (dice.once(200)) return Buffer.alloc(256 * 1024 + 1, 32)
  if (takes === undefined) return dice.once(2) ? Buffer.alloc(0) : Buffer.from(dice.pick(hostileValues))
  const command = dice.pick(everyCommand)
  const handle = `x${mint().slice(-12).toLowerCase()}`
  const good = {
    command: { ...command, ...(!dice.once(16) && { id: mint() }) },
    friend: { user: bob },
    register: { handle, name: 'Mallory', password },
    login: { handle, password },
  }[takes]
  return mutated(dice, castIn(dice, good, cast))
}
