import {
  clientFrameName,
  componentSchemas,
  contractVersion,
  type JsonSchema,
  license,
  schemaRef,
  serverFrameName,
} from './documents.ts'
import { clientFrames, closeCodes, serverFrames } from './frames.ts'

let made: JsonSchema | undefined
/** The socket as AsyncAPI 3.0, every frame and every event with its schema, made once. */
export const asyncApiDocument = (): JsonSchema => {
  made ??= {
    asyncapi: '3.0.0',
    info: { title: 'Verbatim', version: contractVersion, description, license },
    defaultContentType: 'application/json',
    channels: {
      socket: {
        address: '/ws',
        title: 'The socket',
        messages: Object.fromEntries(
          [...fromClient, ...fromServer].map((name) => [name, { $ref: `#/components/messages/${name}` }]),
        ),
      },
    },
    // Seen from the server, as AsyncAPI wants it: it receives what a client sends.
    operations: {
      fromClient: { action: 'receive', channel, summary: 'What a client sends', messages: fromClient.map(inChannel) },
      fromServer: { action: 'send', channel, summary: 'What the server sends', messages: fromServer.map(inChannel) },
    },
    components: {
      messages: Object.fromEntries(
        [...fromClient, ...fromServer].map((name) => [name, { name, payload: schemaRef(name) }]),
      ),
      schemas: componentSchemas('draft-7'),
    },
  }
  return made
}

const fromClient = Object.keys(clientFrames).map(clientFrameName)
const fromServer = Object.keys(serverFrames).map(serverFrameName)
const channel = { $ref: '#/channels/socket' }
const inChannel = (name: string) => ({ $ref: `#/channels/socket/messages/${name}` })

const description = `JSON text frames. The first one is \`hello\`, within five seconds. Every session of every member gets every
event of a conversation, in the order of its revisions, several to a frame when they were committed together. A client that sees a gap asks
\`GET /api/conversations/{id}/events\` for the range.

Close codes: ${Object.entries(closeCodes)
  .map(([name, code]) => `${code} ${name}`)
  .join(' · ')}.`
