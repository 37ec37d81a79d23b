import type { Dice } from './dice.ts'
import { garbled } from './mutate.ts'

/** Bytes that are no HTTP, or whose end two servers could see in different places. */
export type BrokenRequest = {
  readonly what: string
  readonly bytes: Buffer
  /** `refused`: whatever answer there is refuses. `once`: at most one answer. `survived`: any but a failure. */
  readonly fate: 'refused' | 'once' | 'survived'
}

/** @param smuggled a whole request that must not be carried out where it stands behind another */
export const brokenRequests = (smuggled: string): readonly BrokenRequest[] => {
  const host = 'Host: localhost\r\n'
  const post = `POST /api/auth/logout HTTP/1.1\r\n${host}Content-Type: application/json\r\n`
  const upgrade = `Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n`
  const row = (what: string, fate: BrokenRequest['fate'], text: string): BrokenRequest => ({
    what,
    fate,
    bytes: Buffer.from(text, 'latin1'),
  })
  const refused = (what: string, text: string) => row(what, 'refused', text)
  const get = (what: string, header: string, path = '/health') =>
    refused(what, `GET ${path} HTTP/1.1\r\n${host}${header}\r\n\r\n`)
  return [
    // Where does it end?
    refused(
      'a length and chunks',
      `${post}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    ),
    refused(
      'chunks and a length',
      `${post}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n${smuggled}`,
    ),
    refused('two lengths', `${post}Content-Length: 2\r\nContent-Length: 4\r\n\r\n{}${smuggled}`),
    refused('two lengths in one line', `${post}Content-Length: 2, 4\r\n\r\n{}${smuggled}`),
    refused('a length with a sign', `${post}Content-Length: +2\r\n\r\n{}${smuggled}`),
    refused('a negative length', `${post}Content-Length: -2\r\n\r\n{}${smuggled}`),
    refused('a length in hex', `${post}Content-Length: 0x2\r\n\r\n{}${smuggled}`),
    refused('a length of 20 digits', `${post}Content-Length: 99999999999999999999\r\n\r\n{}${smuggled}`),
    refused('a length of 2^64 and 2', `${post}Content-Length: 18446744073709551618\r\n\r\n{}${smuggled}`),
    refused('a length with a space in it', `${post}Content-Length: 2 0\r\n\r\n{}${smuggled}`),
    refused('a space before the colon of a length', `${post}Content-Length : 2\r\n\r\n{}${smuggled}`),
    refused(
      'a space before the colon of chunks',
      `${post}Transfer-Encoding : chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n${smuggled}`,
    ),
    refused(
      'chunks of another kind',
      `${post}Transfer-Encoding: xchunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n${smuggled}`,
    ),
    refused(
      'chunks twice',
      `${post}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n${smuggled}`,
    ),
    refused(
      'chunks behind a tab',
      `${post}Transfer-Encoding:\tchunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n${smuggled}`,
    ),
    refused(
      'chunks behind a vertical tab',
      `${post}Transfer-Encoding: \x0bchunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n${smuggled}`,
    ),
    refused(
      'chunks in a folded line',
      `${post}Content-Length: 5\r\nX-A: b\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    ),
    refused('a folded length', `${post}Content-Length:\r\n 2\r\n\r\n{}${smuggled}`),
    refused('a chunk of no size', `${post}Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n${smuggled}`),
    refused(
      'a chunk of 2^68',
      `${post}Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n{}\r\n0\r\n\r\n${smuggled}`,
    ),
    refused('a negative chunk', `${post}Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n${smuggled}`),
    refused('a chunk without its end', `${post}Transfer-Encoding: chunked\r\n\r\n2\r\n{}XX0\r\n\r\n${smuggled}`),
    refused(
      'a chunk with an extension',
      `${post}Transfer-Encoding: chunked\r\n\r\n2;a="\n"\r\n{}\r\n0\r\n\r\n${smuggled}`,
    ),
    refused(
      'trailers',
      `${post}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nContent-Length: 9\r\n\r\n${smuggled}`,
    ),
    row(
      'a body of GET',
      'once',
      `GET /health HTTP/1.1\r\n${host}Content-Length: ${smuggled.length}\r\n\r\n${smuggled}`,
    ),
    row(
      'a body of HEAD',
      'once',
      `HEAD /health HTTP/1.1\r\n${host}Content-Length: ${smuggled.length}\r\n\r\n${smuggled}`,
    ),
    refused('chunks of GET', `GET /health HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`),
    row(
      'an upgrade with a body',
      'refused',
      `GET /ws HTTP/1.1\r\n${host}${upgrade}Content-Length: ${smuggled.length}\r\n\r\n${smuggled}`,
    ),
    row(
      'an upgrade with chunks',
      'refused',
      `GET /ws HTTP/1.1\r\n${host}${upgrade}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    ),
    row('a body that was expected', 'survived', `${post}Expect: 100-continue\r\nContent-Length: 2\r\n\r\n{}`),
    row('an expectation that nobody knows', 'survived', `${post}Expect: wonders\r\nContent-Length: 2\r\n\r\n{}`),
    row('half a body', 'survived', `${post}Content-Length: 100\r\n\r\n{"half":`),
    row('half a head', 'survived', `GET /health HTTP/1.1\r\nHost: loc`),
    refused('more than is taken', `${post}Content-Length: 999999999\r\n\r\n${'x'.repeat(100_000)}`),
    // The first line
    refused('no version', `GET /health\r\n${host}\r\n`.replace('\r\n', ' \r\n')),
    refused('version 9', `GET /health HTTP/9.9\r\n${host}\r\n`),
    refused('no version of HTTP', `GET /health ICY/1.1\r\n${host}\r\n`),
    refused('the greeting of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
    refused('no path', `GET  HTTP/1.1\r\n${host}\r\n`),
    refused('a path without its slash', `GET health HTTP/1.1\r\n${host}\r\n`),
    row('an address of elsewhere', 'survived', `GET http://evil.example/health HTTP/1.1\r\n${host}\r\n`),
    row('an address with a name and a password', 'survived', `GET http://a:b@localhost/health HTTP/1.1\r\n${host}\r\n`),
    refused('a tunnel', `CONNECT evil.example:443 HTTP/1.1\r\n${host}\r\n`),
    row('a star', 'survived', `OPTIONS * HTTP/1.1\r\n${host}\r\n`),
    refused('a method that nobody knows', `BREW /health HTTP/1.1\r\n${host}\r\n`),
    refused('a method in lower case', `get /health HTTP/1.1\r\n${host}\r\n`),
    refused('a method of 10,000 letters', `${'G'.repeat(10_000)} /health HTTP/1.1\r\n${host}\r\n`),
    refused('NUL in the path', `GET /hea\0lth HTTP/1.1\r\n${host}\r\n`),
    row('bytes beyond ASCII in the path', 'survived', `GET /h\xff\xfelth HTTP/1.1\r\n${host}\r\n`),
    row('a path of 20,000', 'survived', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\n${host}\r\n`),
    row('a path of 2,000,000', 'survived', `GET /${'a'.repeat(2_000_000)} HTTP/1.1\r\n${host}\r\n`),
    row('spaces in the path', 'survived', `GET /hea lth HTTP/1.1\r\n${host}\r\n`),
    // Headers
    refused('no host', 'GET /health HTTP/1.1\r\n\r\n'),
    get('a folded header', 'X-A: b\r\n c'),
    get('a header that begins with a space', ' X-A: b'),
    get('NUL in a header', 'X-A: b\0c'),
    get('NUL in the name of a header', 'X\0A: b'),
    get('a space in the name of a header', 'X A: b'),
    get('a header without a colon', 'XA'),
    row('a header without a name', 'survived', `GET /health HTTP/1.1\r\n${host}: b\r\n\r\n`),
    row('a header named __proto__', 'survived', `GET /health HTTP/1.1\r\n${host}__proto__: x\r\n\r\n`),
    row('a header of 100,000', 'survived', `GET /health HTTP/1.1\r\n${host}X-A: ${'a'.repeat(100_000)}\r\n\r\n`),
    row('a header without an end', 'survived', `GET /health HTTP/1.1\r\n${host}X-A: ${'a'.repeat(3_000_000)}`),
    row(
      '5,000 headers',
      'survived',
      `GET /health HTTP/1.1\r\n${host}${Array.from({ length: 5_000 }, (_, n) => `X-${n}: a\r\n`).join('')}\r\n`,
    ),
    row(
      '1,000 headers of one name',
      'survived',
      `GET /health HTTP/1.1\r\n${host}${'Cookie: a=b\r\n'.repeat(1_000)}\r\n`,
    ),
    row('two hosts', 'survived', `GET /health HTTP/1.1\r\n${host}Host: evil.example\r\n\r\n`),
    refused('line feeds alone', 'GET /health HTTP/1.1\nHost: localhost\n\n'),
    refused('returns alone', 'GET /health HTTP/1.1\rHost: localhost\r\r'),
    // Upgrades
    row(
      'an upgrade to HTTP/2',
      'survived',
      `GET /health HTTP/1.1\r\n${host}Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n`,
    ),
    row('an upgrade elsewhere', 'survived', `GET /api/me HTTP/1.1\r\n${host}${upgrade}\r\n`),
    row('an upgrade by POST', 'survived', `POST /ws HTTP/1.1\r\n${host}${upgrade}Content-Length: 0\r\n\r\n`),
    row(
      'an upgrade with a short key',
      'survived',
      `GET /ws HTTP/1.1\r\n${host}${upgrade.replace(/Key: \S+/, 'Key: x')}\r\n`,
    ),
    row(
      'an upgrade without a key',
      'survived',
      `GET /ws HTTP/1.1\r\n${host}${upgrade.replace(/Sec-WebSocket-Key: \S+\r\n/, '')}\r\n`,
    ),
    refused('an upgrade of version 7', `GET /ws HTTP/1.1\r\n${host}${upgrade.replace('13', '7')}\r\n`),
    refused('an upgrade from elsewhere', `GET /ws HTTP/1.1\r\n${host}${upgrade}Origin: http://evil.example\r\n\r\n`),
    // No HTTP
    refused('a greeting of TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n'),
    refused('only NUL', '\0'.repeat(5_000)),
    refused('only line ends', '\r\n'.repeat(5_000)),
    refused('a mail', 'EHLO localhost\r\nMAIL FROM:<a@b>\r\n\r\n'),
  ]
}

/** A proper request with something wrong in its bytes. */
export const garbledRequest = (dice: Dice, bytes: Buffer): BrokenRequest => ({
  what: 'garbled',
  fate: 'survived',
  bytes: garbled(dice, bytes),
})
