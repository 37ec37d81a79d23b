import { createHmac } from 'node:crypto'
import type { Order } from '@verbatim/protocol'

export type Digest = (command: Order['command']) => string

/**
 * HMAC-SHA-256, base64url, of what a command says: everything but its id, in one form whatever the order of its fields.
 * Under a key, since a plain hash of a short text tells the text to whoever tries some.
 */
export const digestUnder =
  (key: Uint8Array): Digest =>
  (command) =>
    createHmac('sha256', key).update(canonical(command, 'id')).digest('base64url')

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
