import { crc32 } from 'node:zlib'
import {
  asStreamName,
  type CommandId,
  type EventId,
  type EventType,
  type SessionId,
  type UserId,
} from '@verbatim/protocol'
import { decode, isCurrent } from '../codec.ts'
import { CorruptEvent, type Position, type Recorded } from '../port.ts'

/** A row as it is selected with COLUMNS, without its stream's name. */
export type Row = [
  position: number,
  revision: number,
  id: string,
  type: string,
  schema: number,
  actor: string,
  session: string,
  command: string,
  causedBy: string | null,
  digest: string,
  at: number,
  trace: string | null,
  data: string,
  checksum: number,
  stream: number,
]
export const COLUMNS =
  'e.position, e.revision, lower(hex(e.id)), e.type, e.schema, e.actor, e.session, e.command, lower(hex(e.causedBy)), e.digest, e.at, e.trace, e.data, e.checksum, e.stream'

/** Everything of an event but its data and trace, which may hold any text. */
export type Header = {
  readonly position: Position
  readonly stream: string
  readonly revision: number
  readonly id: string
  readonly type: string
  readonly schema: number
  readonly actor: string
  readonly session: string
  readonly command: string
  readonly causedBy: string | null
  readonly digest: string
  readonly at: number
}

/**
 * CRC-32 (as in zlib) over every stored field in this order. Unambiguous: no field before the trace can hold a line
 * break, and the length of the trace tells where it ends. The format is for ever: stored sums are compared with it.
 */
export const checksumOf = (event: Header, trace: string | null, data: string): number =>
  crc32(headOf(event, event.causedBy ?? '') + tailOf(trace, data))

const headOf = (event: Omit<Header, 'causedBy'>, causedBy: string): string =>
  `${event.position}\n${event.stream}\n${event.revision}\n${event.id}\n${event.type}\n${event.schema}\n${event.actor}\n${event.session}\n${event.command}\n${causedBy}\n${event.digest}\n${event.at}\n`
const tailOf = (trace: string | null, data: string): string =>
  trace === null ? `\n${data}` : `${trace.length}:${trace}\n${data}`

/**
 * Every event that is read passes here: nothing is made that is not kept.
 * @param name of the row's stream; undefined when the store knows none of that number
 * @throws CorruptEvent, UpgradeNeeded
 */
export const recordedOf = (row: Row, name: string | undefined): Recorded => {
  const [position, revision, hex, type, schema, actor, session, command, cause, digest, at, trace, data, checksum] = row
  if (!isTyped(row)) throw new CorruptEvent(position, name ?? '?', 'a field of it has another type')
  const stream = asStreamName(name ?? '?')
  const event = {
    id: uuidOf(hex) as EventId,
    type: type as EventType,
    schema,
    actor: actor as UserId,
    session: session as SessionId,
    command: command as CommandId,
    digest,
    at,
    json: data,
    stream,
    revision,
    position,
  }
  // `hex(NULL)` is the empty text.
  const causedBy = cause ? uuidOf(cause) : ''
  if (crc32(headOf(event, causedBy) + tailOf(trace, data)) !== checksum)
    throw new CorruptEvent(position, stream, 'its checksum does not match')
  if (!isCurrent(type, schema)) Object.assign(event, decode({ position, type, schema, json: data }))
  if (!causedBy && trace === null) return event
  return {
    ...event,
    ...(causedBy !== '' && { causedBy: causedBy as EventId }),
    ...(trace !== null && { trace }),
  }
}

/** A flipped bit can make bytes of a text, which read the same but are none. */
const isTyped = (row: Row): boolean =>
  typeof row[1] === 'number' &&
  typeof row[3] === 'string' &&
  typeof row[4] === 'number' &&
  typeof row[5] === 'string' &&
  typeof row[6] === 'string' &&
  typeof row[7] === 'string' &&
  typeof row[9] === 'string' &&
  typeof row[10] === 'number' &&
  (row[11] === null || typeof row[11] === 'string') &&
  typeof row[12] === 'string' &&
  typeof row[13] === 'number'

/** A UUID from 32 hexadecimal digits. */
export const uuidOf = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
