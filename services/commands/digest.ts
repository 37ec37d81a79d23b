import { Buffer } from 'node:buffer'
import { hash } from 'node:crypto'
import type { Body, Order } from '@verbatim/protocol'

export type Digest = (command: Order['command']) => string

/**
 * HMAC-SHA-256, base64url, of what a command says: everything but its id, in one form whatever the order of its fields.
 * Under a key, since a plain hash of a short text tells the text to whoever tries some.
 */
export const digestUnder = (key: Uint8Array): Digest => {
  const hmac = hmacUnder(key)
  return (command) => hmac(contentOf(command))
}

/** Of SHA-256, in bytes. */
const BLOCK = 64
const DIGEST = 32

/**
 * HMAC (RFC 2104) by two hashes: `createHmac` makes an object of OpenSSL's for each message, and those pile up outside of
 * the heap until the garbage collector comes.
 * @param key at most a block long
 */
const hmacUnder = (key: Uint8Array): ((text: string) => string) => {
  if (key.length > BLOCK) throw new RangeError('the key is longer than a block of the hash')
  const outer = padded(key, 0x5c, DIGEST)
  let inner = padded(key, 0x36, 1024)
  return (text) => {
    // A code unit takes three bytes at most.
    if (inner.length < BLOCK + text.length * 3) inner = padded(key, 0x36, text.length * 3)
    const end = BLOCK + inner.write(text, BLOCK)
    outer.write(hash('sha256', inner.subarray(0, end), 'binary'), BLOCK, 'binary')
    return hash('sha256', outer, 'base64url')
  }
}

const padded = (key: Uint8Array, pad: number, room: number): Buffer => {
  const bytes = Buffer.alloc(BLOCK + room, 0)
  for (let at = 0; at < BLOCK; at++) bytes[at] = (key[at] ?? 0) ^ pad
  return bytes
}

// Most commands are a text for a conversation: the same form, written without walking the object.
const contentOf = (command: Order['command']): string =>
  command.type === 'SendMessage' && isTextOnly(command.body)
    ? `{"body":{"text":${JSON.stringify(command.body.text)}},"conversation":"${command.conversation}","type":"SendMessage"}`
    : canonical(command, 'id')

const isTextOnly = (body: Body): boolean => {
  for (const field in body) if (field !== 'text') return false
  return true
}

/** JSON with sorted keys and without what is `undefined`. */
const canonical = (value: unknown, without?: string): string => {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map((element) => canonical(element)).join()}]`
  let json = ''
  for (const [key, field] of Object.entries(value).sort(byKey)) {
    if (field === undefined || key === without) continue
    json += `${json && ','}${JSON.stringify(key)}:${canonical(field)}`
  }
  return `{${json}}`
}

const byKey = ([one]: [string, unknown], [other]: [string, unknown]): number => (one < other ? -1 : 1)
