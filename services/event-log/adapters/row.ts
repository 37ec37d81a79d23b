import { crc32 } from 'node:zlib'
import { asStreamName, type CommandId, type EventId, type SessionId, type UserId } from '@verbatim/protocol'
import { decode } from '../codec.ts'
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
  crc32(
    `${event.position}\n${event.stream}\n${event.revision}\n${event.id}\n${event.type}\n${event.schema}\n${event.actor}\n${event.session}\n${event.command}\n${event.causedBy ?? ''}\n${event.digest}\n${event.at}\n${trace === null ? '' : `${trace.length}:${trace}`}\n${data}`,
  )

/**
 * @param name of the row's stream; undefined when the store knows none of that number
 * @throws CorruptEvent, UpgradeNeeded
 */
export const recordedOf = (row: Row, name: string | undefined): Recorded => {
  if (!isTyped(row)) throw new CorruptEvent(row[0], name ?? '?', 'a field of it has another type')
  const [position, revision, hex, type, schema, actor, session, command, cause, digest, at, trace, data, checksum] = row
  const stream = name ?? '?'
  const id = uuidOf(hex)
  // `hex(NULL)` is the empty text.
  const causedBy = cause ? uuidOf(cause) : null
  const header = { position, stream, revision, id, type, schema, actor, session, command, causedBy, digest, at }
  if (checksumOf(header, trace, data) !== checksum)
    throw new CorruptEvent(position, stream, 'its checksum does not match')
  const read = decode({ position, type, schema, json: data })
  return {
    id: id as EventId,
    type: read.type,
    schema: read.schema,
    actor: actor as UserId,
    session: session as SessionId,
    command: command as CommandId,
    ...(causedBy === null ? undefined : { causedBy: causedBy as EventId }),
    digest,
    at,
    ...(trace === null ? undefined : { trace }),
    json: read.json,
    stream: asStreamName(stream),
    revision,
    position,
  }
}

/** A flipped bit can make bytes of a text, which read the same but are none. */
const isTyped = (row: Row): boolean => {
  const [, revision, , type, schema, actor, session, command, , digest, at, trace, data, checksum] = row
  return (
    [type, actor, session, command, digest, data, trace ?? ''].every((text) => typeof text === 'string') &&
    [revision, schema, at, checksum].every((number) => typeof number === 'number')
  )
}

/** A UUID from 32 hexadecimal digits. */
export const uuidOf = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
