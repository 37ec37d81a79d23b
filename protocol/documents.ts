import { z } from 'zod'
import { type CommandType, commandSchemas, notYet } from './commands.ts'
import { clientFrames, serverFrames } from './frames.ts'
import { answers, requests } from './http.ts'
import { noticeSchema, publicEventSchema, publicEventSchemas } from './public-events.ts'

/** Version of the public contract, not of the program. */
export const contractVersion = '1.0.0'
export const license = { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' }

export type JsonSchema = { readonly [keyword: string]: unknown }
export const schemaRef = (name: string) => ({ $ref: `#/components/schemas/${name}` })
export const titled = (name: string): string => `${name[0]?.toUpperCase()}${name.slice(1)}`
export const clientFrameName = (type: string): string => `Client${titled(type)}`
export const serverFrameName = (type: string): string => `Server${titled(type)}`

/**
 * Every schema that the documents name, as JSON Schema that refers to the others by name: commands and events by their
 * types, frames, answers. Made from the schemas that check the input, so that no document can say something else.
 */
export const componentSchemas = (target: 'draft-2020-12' | 'draft-7'): Record<string, JsonSchema> => {
  const named = z.registry<{ id: string }>()
  const add = (name: string, schema: z.ZodType) => named.add(schema, { id: name })
  for (const [type, schema] of Object.entries(commandSchemas)) add(type, schema)
  for (const { type, schema } of publicEventSchemas) add(type, schema)
  for (const [name, schema] of Object.entries(requests)) add(`${titled(name)}Request`, schema)
  for (const [name, schema] of Object.entries(answers)) add(titled(name), schema)
  for (const [type, schema] of Object.entries(clientFrames)) add(clientFrameName(type), schema)
  for (const [type, schema] of Object.entries(serverFrames)) add(serverFrameName(type), schema)
  add('PublicEvent', publicEventSchema)
  add('Notice', noticeSchema)
  const { schemas } = z.toJSONSchema(named, { target, io: 'input', uri: (name) => schemaRef(name).$ref, override })
  const plain = Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, asComponent(name, schema)]))
  return { ...plain, Command: anyCommand, ClientCommand: commandFrame }
}

/** `personal` is a word of ours, which JSON Schema does not know. */
const override = ({ jsonSchema }: { jsonSchema: JsonSchema & { personal?: unknown; 'x-personal'?: unknown } }) => {
  if (jsonSchema.personal === undefined) return
  delete jsonSchema.personal
  jsonSchema['x-personal'] = true
}

const later: ReadonlySet<string> = new Set<CommandType>(notYet)
const asComponent = (name: string, { $schema, $id, ...schema }: JsonSchema): JsonSchema =>
  later.has(name) ? { description: 'Of a later version: refused with `not-yet`.', ...schema } : schema

const commandTypes = Object.keys(commandSchemas)
const anyCommand: JsonSchema = { oneOf: commandTypes.map(schemaRef) }
/** The frame's own schema leaves the command to the command's schema; a reader wants to see both at once. */
const commandFrame: JsonSchema = {
  type: 'object',
  properties: { type: { type: 'string', const: 'command' }, command: schemaRef('Command') },
  required: ['type', 'command'],
  additionalProperties: false,
}
