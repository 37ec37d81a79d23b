// The shortest way through a running server, from outside: node ops/test/smoke.mjs http://localhost:8080
// Two people sign up, one writes, the other has it on a socket and in the history.
import { randomFillSync } from 'node:crypto'
import WebSocket from 'ws'

const base = process.argv[2] ?? 'http://localhost:8080'
const BASE32 = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const ulid = () => {
  const time = Array.from({ length: 10 }, (_, i) => BASE32[Math.floor(Date.now() / 32 ** (9 - i)) % 32])
  return [...time, ...Array.from(randomFillSync(new Uint8Array(16)), (byte) => BASE32[byte % 32])].join('')
}
const ask = async (path, token, body) => {
  const response = await fetch(base + path, {
    method: body ? 'POST' : 'GET',
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return response.json()
}
const person = async (name) => {
  const handle = `${name}${ulid().slice(-8).toLowerCase()}`
  const { user, accessToken } = await ask('/api/auth/register', undefined, {
    handle,
    name,
    password: 'correct horse battery',
  })
  return { ...user, token: accessToken }
}
const heard = (socket, wanted) =>
  new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error(`no ${wanted} within 5 s`)), 5_000).unref()
    socket.on('message', (data) => {
      const frame = JSON.parse(data)
      if (frame.type === wanted) resolve(frame)
    })
  })

const ada = await person('ada')
const bob = await person('bob')
const { conversation } = await ask('/api/commands', ada.token, { id: ulid(), type: 'OpenDirect', user: bob.id })
const socket = new WebSocket(`${base.replace(/^http/, 'ws')}/ws`)
await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
const ready = heard(socket, 'ready')
socket.send(JSON.stringify({ type: 'hello', token: bob.token }))
await ready
const arrives = heard(socket, 'events')
const id = ulid()
const { position } = await ask('/api/commands', ada.token, {
  id,
  type: 'SendMessage',
  conversation,
  body: { text: 'word for word' },
})
const frame = await arrives
const page = await fetch(`${base}/api/conversations/${conversation}/messages`, {
  headers: { authorization: `Bearer ${bob.token}`, 'x-verbatim-position': position },
}).then((response) => response.json())
socket.close()
const live = frame.events.at(-1)?.data.message === id
const kept = page.messages.at(-1)?.body.text === 'word for word'
console.log(`live ${live ? 'yes' : 'no'}, kept ${kept ? 'yes' : 'no'}`)
process.exit(live && kept ? 0 : 1)
