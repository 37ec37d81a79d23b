// The ceiling: uWebSockets.js and, with STORE=on, SQLite with group commit. No rules, no projections, one conversation a
// topic. It speaks just enough of the protocol for the same generator: the token of a hello is the list of topics.

import uws, { type WebSocket } from 'uWebSockets.js'
import { Worker } from 'node:worker_threads'

type Conversation = { revision: number }
type Waiting = { socket: WebSocket<unknown>; id: string; conversation: string; text: string }

const store = process.env.STORE === 'on'
const conversations = new Map<string, Conversation>()
const app = uws.App()
const decoder = new TextDecoder()

const writer = store
  ? new Worker(new URL('./bench-raw-writer.js', import.meta.url), { workerData: { file: process.env.FILE } })
  : undefined
let collected: Waiting[] = []
const committing: Waiting[][] = []

const commitLater = (message: Waiting) => {
  if (collected.push(message) === 1) setImmediate(commitNow)
}
const commitNow = () => {
  const batch = collected
  collected = []
  if (!writer) return deliver(batch)
  committing.push(batch)
  writer.postMessage(batch.flatMap(({ conversation, id, text }) => [conversation, id, text]))
}
writer?.on('message', () => deliver(committing.shift() ?? []))

const deliver = (batch: Waiting[]) => {
  for (const { socket, id, conversation, text } of batch) {
    const held = conversations.get(conversation) ?? { revision: -1 }
    conversations.set(conversation, held)
    held.revision++
    app.publish(
      conversation,
      `{"type":"events","conversation":"${conversation}","events":[{"revision":${held.revision},"type":"MessageSent","data":{"message":"${id}","body":{"text":${JSON.stringify(text)}}}}]}`,
    )
    socket.cork(() => socket.send(`{"type":"ack","id":"${id}","revision":${held.revision}}`))
  }
}

app.ws('/ws', {
  maxPayloadLength: 64 * 1024,
  maxBackpressure: 1024 * 1024,
  compression: 0,
  idleTimeout: 120,
  message: (socket, message) => {
    const frame = JSON.parse(decoder.decode(message))
    if (frame.type === 'hello') {
      for (const topic of frame.token === '' ? [] : frame.token.split(',')) socket.subscribe(topic)
      socket.send('{"type":"ready"}')
    } else
      commitLater({
        socket,
        id: frame.command.id,
        conversation: frame.command.conversation,
        text: frame.command.body.text,
      })
  },
})
app.listen('127.0.0.1', 0, (token) => console.log(`listening on http://localhost:${uws.us_socket_local_port(token)}`))
