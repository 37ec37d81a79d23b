import { frameOf } from './wire.ts'

/** Bytes on a socket, in the groups of Autobahn's test suite, and whether the socket lives on and answers its pings. */
export type BrokenFrames = {
  readonly what: string
  readonly bytes: Buffer
  /** `either` where implementations may differ; nothing else may come of it. */
  readonly fate: 'pong' | 'closed' | 'either'
  /** Each byte in a write of its own. */
  readonly chopped?: true
}

const ping = (length = 15) => '{"type":"ping"}'.padEnd(length)
const text = (payload: string | Buffer, head: Parameters<typeof frameOf>[1] = {}) => frameOf(payload, head)
const inParts = (...parts: (string | Buffer)[]) =>
  Buffer.concat(parts.map((part, at) => frameOf(part, { opcode: at === 0 ? 1 : 0, fin: at === parts.length - 1 })))
const control = (opcode: number, payload: string | Buffer = '', head: Parameters<typeof frameOf>[1] = {}) =>
  frameOf(payload, { opcode, ...head })
const all = (...frames: Buffer[]) => Buffer.concat(frames)
const code = (number: number, reason: string | Buffer = '') =>
  Buffer.concat([Buffer.from([number >> 8, number & 255]), Buffer.from(reason)])
const [PING, PONG, CLOSE] = [9, 10, 8]
const row = (what: string, fate: BrokenFrames['fate'], bytes: Buffer): BrokenFrames => ({ what, fate, bytes })
const UTF8: readonly (readonly [string, number[]])[] = [
  ['a lone continuation', [0x80]],
  ['two bytes that are one too many', [0xc3, 0x28]],
  ['an overlong slash', [0xc0, 0xaf]],
  ['an overlong NUL', [0xe0, 0x80, 0x80]],
  ['a surrogate', [0xed, 0xa0, 0x80]],
  ['a pair of surrogates', [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80]],
  ['beyond the last character', [0xf4, 0x90, 0x80, 0x80]],
  ['five bytes', [0xf8, 0x88, 0x80, 0x80, 0x80]],
  ['cut off', [0xf0, 0x9f, 0x98]],
  ['0xfe and 0xff', [0xfe, 0xff]],
]

export const brokenFrames: readonly BrokenFrames[] = [
  // 1 Framing
  ...[15, 125, 126, 127, 128, 65_535, 65_536].map((length) => row(`1 text of ${length}`, 'pong', text(ping(length)))),
  ...[65_537, 131_072, 1_048_576, 1_048_577, 3_000_000].map((length) =>
    row(`1 text of ${length}`, 'closed', text(ping(length))),
  ),
  row('1 an empty text', 'closed', text('')),
  ...[0, 1, 125, 126, 65_535, 65_536].map((length) =>
    row(`1 binary of ${length}`, 'closed', frameOf(Buffer.alloc(length, 0xfe), { opcode: 2 })),
  ),
  row('1 a length of 2^40', 'closed', Buffer.from([0x81, 0xff, 0, 0, 1, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5])),
  row('1 a length of 2^63', 'closed', Buffer.from([0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5])),
  row('1 not masked', 'either', text(ping(), { masked: false })),
  // 2 Pings and pongs
  ...[0, 1, 125].map((length) =>
    row(`2 a ping of ${length}`, 'pong', all(control(PING, 'p'.repeat(length)), text(ping()))),
  ),
  row('2 a ping of 126', 'closed', control(PING, 'p'.repeat(126))),
  row('2 a ping of bytes that are no text', 'pong', all(control(PING, Buffer.from([0xff, 0xfe, 0])), text(ping()))),
  row('2 pongs that nobody asked for', 'pong', all(control(PONG, 'x'), control(PONG), text(ping()))),
  row('2 fifty pings', 'pong', all(...Array.from({ length: 50 }, () => control(PING, 'x')), text(ping()))),
  // The stand-in ends whoever wants more pongs at once than it can be rid of.
  row('2 two hundred pings', 'either', all(...Array.from({ length: 200 }, () => control(PING, 'x')), text(ping()))),
  row('2 a ping in parts', 'closed', control(PING, 'x', { fin: false })),
  // 3 Reserved bits
  ...[0x40, 0x20, 0x10, 0x70].map((reserved) => row(`3 bits ${reserved}`, 'closed', text(ping(), { reserved }))),
  row('3 bits of a ping', 'closed', control(PING, 'x', { reserved: 0x20 })),
  row('3 bits of a close', 'closed', control(CLOSE, code(1000), { reserved: 0x70 })),
  row(
    '3 bits in a later part',
    'closed',
    all(text('{"type":', { fin: false }), frameOf('"ping"}', { opcode: 0, reserved: 0x40 })),
  ),
  // 4 Opcodes
  ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((opcode) => row(`4 opcode ${opcode}`, 'closed', frameOf('x', { opcode }))),
  // 5 Parts
  row('5 two parts', 'pong', inParts('{"type":', '"ping"}')),
  row('5 a part for each byte', 'pong', inParts(...ping())),
  row('5 empty parts', 'pong', inParts('', ping(), '', '')),
  row('5 only empty parts', 'closed', inParts('', '', '')),
  row(
    '5 a ping between parts',
    'pong',
    all(text('{"type":', { fin: false }), control(PING, 'x'), frameOf('"ping"}', { opcode: 0 })),
  ),
  row('5 a close between parts', 'closed', all(text('{"type":', { fin: false }), control(CLOSE, code(1000)))),
  row('5 a part of nothing', 'closed', frameOf('x', { opcode: 0 })),
  row('5 a part of nothing that goes on', 'closed', frameOf('x', { opcode: 0, fin: false })),
  row('5 a message within another', 'closed', all(text('x', { fin: false }), text(ping()))),
  row('5 binary within a text', 'closed', all(text('x', { fin: false }), frameOf('x', { opcode: 2 }))),
  row('5 parts that are too large together', 'closed', inParts(ping(60_000), ' '.repeat(60_000))),
  row(
    '5 parts without an end',
    'closed',
    all(
      text('x', { fin: false }),
      ...Array.from({ length: 30 }, () => frameOf(Buffer.alloc(60_000, 32), { opcode: 0, fin: false })),
    ),
  ),
  // 6 UTF-8
  ...UTF8.map(([what, bytes]) => row(`6 ${what}`, 'closed', text(Buffer.from(bytes)))),
  ...UTF8.map(([what, bytes]) =>
    row(
      `6 ${what}, in a value`,
      'closed',
      text(Buffer.concat([Buffer.from('{"type":"'), Buffer.from(bytes), Buffer.from('"}')])),
    ),
  ),
  row(
    '6 a character over two parts',
    'closed',
    inParts(Buffer.from([0x22, 0xf0, 0x9f]), Buffer.from([0x98, 0x80, 0x22])),
  ),
  row('6 a byte order mark', 'closed', text(`\ufeff${ping()}`)),
  // 7 Closing
  row('7 a close', 'closed', control(CLOSE)),
  row('7 a close of one byte', 'closed', control(CLOSE, 'x')),
  row('7 a close of 126', 'closed', control(CLOSE, code(1000, 'x'.repeat(124)))),
  row('7 a reason that is no text', 'closed', control(CLOSE, code(1000, Buffer.from([0xc3, 0x28])))),
  ...[0, 999, 1000, 1004, 1005, 1006, 1012, 1016, 1100, 2999, 3000, 4999, 5000, 65_535].map((number) =>
    row(`7 a close with ${number}`, 'closed', control(CLOSE, code(number, 'why'))),
  ),
  row('7 a text behind a close', 'closed', all(control(CLOSE, code(1000)), text(ping()))),
  row('7 two closes', 'closed', all(control(CLOSE, code(1000)), control(CLOSE, code(1001)))),
  // 9 Much at once
  row('9 a thousand pings of ours', 'pong', all(...Array.from({ length: 1_000 }, () => text(ping())))),
  row('9 a second request', 'closed', Buffer.from('GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n')),
  row('9 a greeting of TLS', 'closed', Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3])),
  // 10 Byte by byte
  ...[
    row('10 a text', 'pong', text(ping(200))),
    row(
      '10 parts with a ping between',
      'pong',
      all(text('{"type":', { fin: false }), control(PING, 'x'), frameOf('"ping"}', { opcode: 0 })),
    ),
    row('10 what is no text', 'closed', text(Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]))),
    row('10 a length of 2^40', 'closed', Buffer.from([0x81, 0xff, 0, 0, 1, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5])),
  ].map((each) => ({ ...each, chopped: true }) as const),
]
