import { createHmac } from 'node:crypto'
import type { Body, Order } from '@verbatim/protocol'

export type Digest = (command: Order['command']) => string

/**
 * HMAC-SHA-256, base64url, of what a command says: everything but its id, in one form whatever the order of its fields.
 * Under a key, since a plain hash of a short text tells the text to whoever tries some.
 */
export const digestUnder =
  (key: Uint8Array): Digest =>
  (command) =>
    createHmac('sha256', key).update(contentOf(command)).digest('base64url')

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
