import type { z } from 'zod'
import { type BuiltCommandType, type Command, type CommandType, commandSchemas, notYet } from './commands.ts'
import { check } from './faults.ts'
import { type ClientFrame, type ClientFrameType, clientFrames } from './frames.ts'
import { requests } from './http.ts'
import { isConversationId, isUlid, type Ulid } from './ids.ts'
import { isMessageText } from './writing.ts'

/**
 * Everything that comes from outside is checked here once and is typed from then on. Nothing here throws. `detail` names
 * the first fault in a short sentence and never repeats the input at length.
 */
export type ParsedCommand =
  | { readonly ok: true; readonly command: Command<BuiltCommandType> }
  | {
      readonly ok: false
      /** `not-yet` is told before any field is looked at. */
      readonly reason: 'malformed' | 'not-yet'
      /** When the command has a valid id, so that the socket can refuse it by its id. */
      readonly id?: Ulid
      readonly detail: string
    }
export const parseCommand = (value: unknown): ParsedCommand => {
  if (!isRecord(value)) return { ok: false, reason: 'malformed', detail: 'a command is an object' }
  if (isPlainMessage(value)) return { ok: true, command: value }
  const id = isUlid(value.id) ? { id: value.id } : {}
  const type = value.type
  if (!isCommandType(type)) return { ok: false, reason: 'malformed', ...id, detail: 'type: no such command' }
  if (!isBuilt(type)) return { ok: false, reason: 'not-yet', ...id, detail: `${type} comes with a later version` }
  const checked = check<Command<BuiltCommandType>>(commandSchemas[type], value)
  return checked.ok
    ? { ok: true, command: checked.value }
    : { ok: false, reason: 'malformed', ...id, detail: checked.fault }
}

/**
 * Nine commands of ten are a text for a conversation. They are held to all that their schema says, without the copies
 * that it makes; whatever else comes is the schema's.
 */
const isPlainMessage = (value: Record<string, unknown>): value is Command<'SendMessage'> => {
  const { type, id, conversation, body } = value
  if (type !== 'SendMessage' || !isUlid(id) || !isConversationId(conversation) || !isRecord(body)) return false
  for (const key in body) if (key !== 'text') return false
  for (const key in value) if (!PLAIN.has(key)) return false
  return isMessageText(body.text)
}
const PLAIN: ReadonlySet<string> = new Set(['type', 'id', 'conversation', 'body'])

export type ParsedFrame =
  | { readonly ok: true; readonly frame: ClientFrame }
  | { readonly ok: false; readonly detail: string }
/** A command frame is taken with its command as it came, which `parseCommand` then checks. */
export const parseFrame = (value: unknown): ParsedFrame => {
  if (!isRecord(value)) return { ok: false, detail: 'a frame is an object' }
  const type = value.type
  if (type === 'command') return parseCommandFrame(value)
  if (!isFrameType(type)) return { ok: false, detail: 'type: no such frame' }
  if (hasPoisonedKey(value)) return { ok: false, detail: 'a key that is not allowed' }
  const checked = check<ClientFrame>(clientFrames[type], value)
  return checked.ok ? { ok: true, frame: checked.value } : { ok: false, detail: checked.fault }
}

// Nine frames of ten are commands. Its schema would copy the command only for `parseCommand` to copy it again.
const parseCommandFrame = (value: Record<string, unknown>): ParsedFrame => {
  const command = value.command
  if (!isRecord(command)) return { ok: false, detail: 'command: an object is wanted' }
  if (!isUlid(command.id)) return { ok: false, detail: 'command.id: a ULID in upper case' }
  for (const key in value) if (key !== 'type' && key !== 'command') return { ok: false, detail: 'an unknown field' }
  return { ok: true, frame: { type: 'command', command: command as { id: Ulid } } }
}

export type RequestName = keyof typeof requests
export type RequestBody<Name extends RequestName> = z.infer<(typeof requests)[Name]>
export type ParsedBody<Name extends RequestName> =
  | { readonly ok: true; readonly body: RequestBody<Name> }
  | { readonly ok: false; readonly detail: string }
export const parseBody = <Name extends RequestName>(name: Name, value: unknown): ParsedBody<Name> => {
  const checked = check(requestSchemas[name], value)
  return checked.ok ? { ok: true, body: checked.value } : { ok: false, detail: checked.fault }
}

// Seen so, the schema of a name and the body of that name stay one type.
const requestSchemas: { readonly [Name in RequestName]: z.ZodType<RequestBody<Name>> } = requests

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isCommandType = (type: unknown): type is CommandType =>
  typeof type === 'string' && Object.hasOwn(commandSchemas, type)
const later: ReadonlySet<CommandType> = new Set(notYet)
const isBuilt = (type: CommandType): type is BuiltCommandType => !later.has(type)
const isFrameType = (type: unknown): type is ClientFrameType =>
  typeof type === 'string' && Object.hasOwn(clientFrames, type)

/** Free-form objects are copied and merged by whoever reads them, and these keys would reach into their prototypes. */
const hasPoisonedKey = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return value.some(hasPoisonedKey)
  return Object.entries(value).some(
    ([key, inner]) => key === '__proto__' || key === 'constructor' || key === 'prototype' || hasPoisonedKey(inner),
  )
}
