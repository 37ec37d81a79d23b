import { Parser } from '@asyncapi/parser'
import { describe, expect, it } from 'vitest'
import { asyncApiDocument } from './asyncapi.ts'
import { commandSchemas } from './commands.ts'
import { contract } from './contract.ts'
import { clientFrameName, type JsonSchema, serverFrameName } from './documents.ts'
import { clientFrames, serverFrames } from './frames.ts'
import { openApiDocument } from './openapi.ts'
import { publicEventTypes } from './public-events.ts'
import { reasons, refusals } from './refusals.ts'

/** What stands at `#/a/b` of a document; a `~1` in a pointer is a slash. */
const at = (document: JsonSchema, reference: string): unknown =>
  reference
    .slice(2)
    .split('/')
    .map((key) => key.replaceAll('~1', '/'))
    .reduce<unknown>((value, key) => (value as JsonSchema | undefined)?.[key], document)

const referencesIn = (value: unknown): string[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => (key === '$ref' ? [`${inner}`] : referencesIn(inner)))
    : []

const keysIn = (value: unknown): string[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => [key, ...keysIn(inner)])
    : []

const documents = [
  { title: 'OpenAPI', document: openApiDocument() },
  { title: 'AsyncAPI', document: asyncApiDocument() },
]

describe.each(documents)('the $title document', ({ document }) => {
  const schemas = Object.keys(at(document, '#/components/schemas') as object)

  it('PR21 refers only to what is in it', () => {
    const references = [...new Set(referencesIn(document))]
    expect(references.length).toBeGreaterThan(50)
    expect(references.filter((reference) => at(document, reference) === undefined)).toEqual([])
  })

  it('PR21 has every command, event and frame', () => {
    const frames = [
      ...Object.keys(clientFrames).map(clientFrameName),
      ...Object.keys(serverFrames).map(serverFrameName),
    ]
    expect(schemas).toEqual(expect.arrayContaining([...Object.keys(commandSchemas), ...publicEventTypes, ...frames]))
    expect(referencesIn(at(document, '#/components/schemas/PublicEvent'))).toEqual(
      publicEventTypes.map((type) => `#/components/schemas/${type}`),
    )
    expect(schemas).not.toContain('SnapshotTaken')
  })

  it('PR21 names every reason in every place that tells one', () => {
    expect(at(document, '#/components/schemas/Refusal/properties/refused/enum')).toEqual(reasons)
    expect(at(document, '#/components/schemas/ServerRefused/properties/reason/enum')).toEqual(reasons)
  })

  it('PR21 marks what is personal and what is later, in words that others may skip', () => {
    expect(at(document, '#/components/schemas/MessageSent/properties/data/properties/body/x-personal')).toBe(true)
    expect(at(document, '#/components/schemas/StartCall/description')).toContain('not-yet')
    expect(keysIn(document)).not.toContain('personal')
    expect(keysIn(document)).not.toContain('$id')
  })

  it('PR21 is made once and is plain JSON', () => {
    expect(JSON.parse(JSON.stringify(document))).toEqual(document)
    expect([openApiDocument(), asyncApiDocument()]).toContain(document)
  })
})

describe('the OpenAPI document', () => {
  const document = openApiDocument()

  it.each(contract)('PR21 has $method $path', (row) => {
    const path = row.path.replace(/:(\w+)/g, '{$1}').replaceAll('/', '~1')
    const operation = at(document, `#/paths/${path}/${row.method.toLowerCase()}`) as JsonSchema
    const parameters = operation.parameters as JsonSchema[]
    expect(parameters.filter((parameter) => parameter.in === 'path').map((parameter) => parameter.name)).toEqual(
      [...row.path.matchAll(/:(\w+)/g)].map(([, name]) => name),
    )
    expect(operation.security).toHaveLength(row.who === 'anyone' ? 0 : 1)
    expect(Object.keys(operation.responses as object)).toEqual([`${row.status ?? 200}`, 'default'])
    expect('requestBody' in operation).toBe(row.takes !== undefined)
  })

  it('PR21 has an operation for each row, each with a name of its own, and no other', () => {
    const operations = Object.values(document.paths as JsonSchema).flatMap((path) => Object.values(path as object))
    expect(operations).toHaveLength(contract.length)
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(contract.length)
  })

  it('PR21 tells the status of each reason', () => {
    const table = at(document, '#/components/responses/Refused/description')
    for (const reason of reasons) expect(table).toContain(`| ${refusals[reason].status} | \`${reason}\` |`)
  })
})

it('PR22 the AsyncAPI document has no fault that its parser finds', { timeout: 60_000 }, async () => {
  const { document, diagnostics } = await new Parser().parse(JSON.stringify(asyncApiDocument()))
  // 0 is an error, 1 a warning; the rest are hints, such as that there is a later version of AsyncAPI.
  expect(diagnostics.filter(({ severity }) => severity < 2)).toEqual([])
  expect(document?.allMessages().all()).toHaveLength(
    Object.keys(clientFrames).length + Object.keys(serverFrames).length,
  )
})

it('PR22 the parser finds the fault of a document that has one', { timeout: 60_000 }, async () => {
  const broken = { asyncapi: '3.0.0', info: asyncApiDocument().info, operations: { fromClient: { action: 'takes' } } }
  const { diagnostics } = await new Parser().parse(JSON.stringify(broken))
  expect(diagnostics.some(({ severity }) => severity === 0)).toBe(true)
})
