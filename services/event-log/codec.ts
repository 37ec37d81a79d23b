import { type EventType, eventSchemas, isEventType } from '@verbatim/protocol'
import { type Position, UpgradeNeeded } from './port.ts'

/** Makes the data of the next schema from that of the one before. Pure: a rebuild must give the same again. */
export type Upcast = (data: unknown) => unknown
/** `upcasters[type][from]` leads from schema `from` to `from + 1`. */
export type Upcasters = { readonly [T in EventType]?: { readonly [from: number]: Upcast } }

export const upcasters: Upcasters = {}

/**
 * The one place where the data of an event becomes what is stored. Plain today; personal fields will be sealed here,
 * field by field, so it stays JSON.
 */
export const encode = (json: string): string => json

/**
 * Back from what is stored to data of the schema that this process knows.
 * @throws UpgradeNeeded for a type or a schema of a later version
 */
export const decode = (stored: Stored, chain: Upcasters = upcasters): Decoded => {
  const { type, schema, position } = stored
  if (!isEventType(type)) throw new UpgradeNeeded(position, type, schema)
  const current = eventSchemas[type].schema
  if (schema === current) return { type, schema, json: stored.json }
  if (schema > current) throw new UpgradeNeeded(position, type, schema)
  return { type, schema: current, json: upcast({ ...stored, type }, current, chain) }
}

/** Most are: nothing has to be decoded of them. */
export const isCurrent = (type: string, schema: number): boolean =>
  isEventType(type) && eventSchemas[type].schema === schema

export type Stored = {
  readonly position: Position
  readonly type: string
  readonly schema: number
  readonly json: string
}
export type Decoded = { readonly type: EventType; readonly schema: number; readonly json: string }

const upcast = (stored: Stored & { readonly type: EventType }, current: number, chain: Upcasters): string => {
  let data: unknown = JSON.parse(stored.json)
  for (let from = stored.schema; from < current; from++) {
    const step = chain[stored.type]?.[from]
    if (!step) throw new Error(`no upcaster leads ${stored.type} from schema ${from} to ${from + 1}`)
    data = step(data)
  }
  return JSON.stringify(data)
}
