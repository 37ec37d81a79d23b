import { expect, it } from 'vitest'
import type { Socket } from '../sockets/port.ts'
import { Connection } from './connection.ts'
import { outbox } from './outbox.ts'

/** A connection whose socket notes each write, and what was in it. */
const connected = () => {
  const writes: string[] = []
  let corked: string[] | undefined
  const connection = new Connection(0)
  const socket: Socket<Connection> = {
    data: connection,
    open: true,
    send(text) {
      if (corked) corked.push(text)
      else writes.push(text)
      return 'sent'
    },
    cork(run) {
      corked = []
      run()
      writes.push(corked.join(' '))
      corked = undefined
    },
    subscribe: () => undefined,
    unsubscribe: () => undefined,
    close: (code) => void writes.push(`closed ${code}`),
    buffered: () => 0,
  }
  connection.socket = socket
  return { connection, writes }
}
const turn = () => new Promise((resolve) => setTimeout(resolve, 1))

it('GW68 What is said to a socket in one turn, and by the promises of that turn, leaves in one write.', async () => {
  const { connection, writes } = connected()
  const said = outbox()
  said.say(connection, 'a frame')
  void Promise.resolve()
    .then(() => undefined)
    .then(() => said.say(connection, 'an answer'))
  expect(writes).toEqual([])
  await turn()
  expect(writes).toEqual(['a frame an answer'])
  said.say(connection, 'of the next turn')
  await turn()
  expect(writes).toEqual(['a frame an answer', 'of the next turn'])
})

it('GW68 Nothing that is sent at once overtakes what was said before.', async () => {
  const { connection, writes } = connected()
  const said = outbox()
  connection.send('first')
  said.say(connection, 'second')
  connection.send('third')
  expect(writes).toEqual(['first'])
  said.flush()
  connection.send('fourth')
  await turn()
  expect(writes).toEqual(['first', 'second third', 'fourth'])
})

it('GW68 A socket that is closed in that turn gets before what was said to it.', async () => {
  const { connection, writes } = connected()
  const said = outbox()
  said.say(connection, 'a frame')
  connection.send('bye')
  connection.close(1012, 'restarting')
  await turn()
  expect(writes).toEqual(['a frame bye', 'closed 1012'])
})

it('GW68 Nobody hears what is said to a socket that is gone.', async () => {
  const { connection, writes } = connected()
  const said = outbox()
  connection.happen({ kind: 'gone' })
  said.say(connection, 'a frame')
  await turn()
  expect(writes).toEqual([])
})
