import { Buffer } from 'node:buffer'
import { hash } from 'node:crypto'
import type { CommandId, EventId, StreamName } from '@verbatim/protocol'

// The namespace of our names, a random UUID. For ever: another one would give the same effects other ids.
const NAMESPACE = Buffer.from('5b1c4c9e2a7d4e0f8d3a6f1e9c5b7a20', 'hex')
/** Stream names and ids are ASCII and short; the namespace stands before them once and for all. */
const bytes = Buffer.alloc(256)
NAMESPACE.copy(bytes)

/** UUID version 5 (RFC 9562) of stream, command and index: the same effect has the same id for ever. */
export const eventId = (stream: StreamName, command: CommandId, index: number): EventId => {
  const length = 16 + bytes.write(`${stream}/${command}/${index}`, 16, 'latin1')
  const hex = hash('sha1', bytes.subarray(0, length), 'hex')
  const variant = '89ab'[Number.parseInt(hex.charAt(16), 16) & 3]
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}` as EventId
}
