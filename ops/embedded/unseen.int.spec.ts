import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { groupId } from '@verbatim/protocol'
import { afterEach, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { runCli } from '../cli/cli.rig.ts'
import { recordingClient } from '../faults/client.ts'
import { type Account, command, register, ulid } from '../faults/person.ts'
import { startServer } from '../faults/server.ts'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

/** Revision of the answer, which ends the story. */
const LAST = 6
/** What a socket is sent that comes back with no more than the first message. */
const framesSince = async (base: string, { token }: Account, conversation: string): Promise<string[]> => {
  const socket = new WebSocket(`${base.replace(/^http/, 'ws')}/ws`)
  ends.push(() => socket.terminate())
  const frames: string[] = []
  socket.on('open', () => socket.send(JSON.stringify({ type: 'hello', token, resume: { [conversation]: 1 } })))
  await new Promise<void>((resolve) =>
    socket.on('message', (frame: Buffer) => {
      frames.push(frame.toString())
      if (frame.includes(`"revision":${LAST},"type":"MessageSent"`)) resolve()
    }),
  )
  return frames
}

it('TL19 who is told less is named by the built server over HTTP and the socket to nobody, live or after a resume', async () => {
  const data = mkdtempSync(join(tmpdir(), 'verbatim-unseen-'))
  ends.push(() => rmSync(data, { recursive: true, force: true }))
  const { base, kill } = await startServer({ data })
  ends.push(kill)
  const [ada, eve] = [await register(base, 'ada'), await register(base, 'eve')]
  const clientOf = ({ handle: name, token }: Account) => {
    const client = recordingClient({ name, base: () => base, token: () => token })
    ends.push(() => client.close())
    return client
  }
  const [adas, eves] = [clientOf(ada), clientOf(eve)]
  for (const client of [adas, eves])
    await client.until('its sign-in', () => client.frames.some(({ type }) => type === 'ready'))

  const [conversation, message] = [groupId(ulid()), ulid()]
  const does = async (fields: Parameters<typeof command>[2]) =>
    expect(await command(base, ada, { conversation, ...fields })).toMatchObject({ status: 200 })
  await does({ type: 'StartGroup', name: 'Tea', members: [], history: 'since-joining' })
  await does({ id: message, type: 'SendMessage', body: { text: 'secret' } })
  await does({ type: 'AddMember', user: eve.id })
  await does({ type: 'EditMessage', message, body: { text: 'secret edit' } })
  await does({ type: 'DeleteMessage', message })
  await does({ type: 'RestoreMessage', message })
  await does({ type: 'SendMessage', body: { text: 'an answer', replyTo: message } })
  for (const client of [adas, eves])
    await client.until('all that was said', () => client.seen.get(conversation) === LAST)
  const resumed = [await framesSince(base, ada, conversation), await framesSince(base, eve, conversation)]

  const { out } = await runCli(data, ['replay', '--category', 'conversation', '--json'])
  expect(out.split('\n').filter((event) => event.includes('unseenBy'))).toHaveLength(3)

  const heard = [...adas.frames, ...eves.frames].map((frame) => JSON.stringify(frame)).concat(...resumed)
  for (const { token } of [ada, eve])
    for (const path of ['', '/events', '/messages', '/messages?after=-1&limit=100', `/messages/${message}/edits`]) {
      const response = await fetch(`${base}/api/conversations/${conversation}${path}`, {
        headers: { authorization: `Bearer ${token}` },
      })
      heard.push(await response.text())
    }
  expect(heard.filter((said) => said.includes('an answer')).length).toBeGreaterThan(8)
  expect(heard.filter((said) => said.includes('unseenBy'))).toEqual([])
})
