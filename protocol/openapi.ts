import { type ContractRow, contract } from './contract.ts'
import { componentSchemas, contractVersion, type JsonSchema, license, schemaRef, titled } from './documents.ts'
import { limits } from './limits.ts'
import { refusals } from './refusals.ts'

let made: JsonSchema | undefined
/** The HTTP API as OpenAPI 3.1, made once from the contract's table and its schemas. */
export const openApiDocument = (): JsonSchema => {
  made ??= {
    openapi: '3.1.0',
    info: {
      title: 'Verbatim',
      version: contractVersion,
      summary: 'A messenger that keeps what was said: exactly once, in order.',
      license: { name: license.name, identifier: license.name },
    },
    servers: [{ url: '/' }],
    paths: paths(),
    components: {
      schemas: componentSchemas('draft-2020-12'),
      responses: {
        Refused: {
          description: `Refused.\n\n${reasonsTable}`,
          content: { 'application/json': { schema: schemaRef('Refusal') } },
        },
      },
      securitySchemes: {
        accessToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        metricsToken: { type: 'http', scheme: 'bearer' },
      },
      headers: { Position: { description: 'How far the answering model is', schema: { type: 'string' } } },
      parameters: {
        Position: {
          name: 'X-Verbatim-Position',
          in: 'header',
          description: `Waits until the read model is there, ${limits.readWait} ms at most, else 503 \`behind\``,
          schema: { type: 'string' },
        },
      },
    },
  }
  return made
}

const paths = (): JsonSchema => {
  const byPath: Record<string, Record<string, JsonSchema>> = {}
  for (const row of contract) {
    const path = row.path.replace(/:(\w+)/g, '{$1}')
    byPath[path] = { ...byPath[path], [row.method.toLowerCase()]: operation(row) }
  }
  return byPath
}

const operation = (row: ContractRow): JsonSchema => ({
  operationId: operationId(row),
  summary: row.does,
  ...(row.later && { description: 'Of a later version: answers 404 `not-yet` to everyone.', 'x-not-yet': true }),
  security: row.who === 'signed-in' ? [{ accessToken: [] }] : row.who === 'operator' ? [{ metricsToken: [] }] : [],
  parameters: parameters(row),
  ...(row.takes && {
    requestBody: {
      required: true,
      content: {
        'application/json': { schema: schemaRef(row.takes === 'command' ? 'Command' : `${titled(row.takes)}Request`) },
      },
    },
  }),
  responses: {
    [row.status ?? 200]: {
      description: 'Done',
      ...(isRead(row) && { headers: { 'X-Verbatim-Position': { $ref: '#/components/headers/Position' } } }),
      ...(row.answers && { content: { 'application/json': { schema: schemaRef(titled(row.answers)) } } }),
    },
    default: { $ref: '#/components/responses/Refused' },
  },
})

const isRead = ({ method, who, answers }: ContractRow) =>
  method === 'GET' && who === 'signed-in' && answers !== undefined

const operationId = ({ method, path }: ContractRow): string =>
  [
    method.toLowerCase(),
    ...path
      .split(/\W+/)
      .filter((part) => part !== '' && part !== 'api')
      .map(titled),
  ].join('')

const parameters = (row: ContractRow): JsonSchema[] => [
  ...[...row.path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  })),
  ...Object.entries(row.query ?? {}).map(([name, description]) => ({
    name,
    in: 'query',
    description,
    schema: { type: 'string' },
  })),
  ...(isRead(row) ? [{ $ref: '#/components/parameters/Position' }] : []),
]

const reasonsTable = [
  '| status | reason | why |',
  '|---|---|---|',
  ...Object.entries(refusals).map(([reason, { status, doc }]) => `| ${status} | \`${reason}\` | ${doc} |`),
].join('\n')
