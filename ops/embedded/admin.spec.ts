import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { callsOver } from '@verbatim/services/threads'
import { afterEach, expect, it } from 'vitest'
import { type Admin, serveAdmin } from './admin.ts'
import { adminSocket, linesOver } from './admin-socket.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})
const freshFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'verbatim-admin-'))
  closing.push(() => rmSync(folder, { recursive: true }))
  return folder
}
const admin: Admin = {
  status: () => Promise.reject(new RangeError('no status today')),
  retry: async () => undefined,
  drop: async () => undefined,
  startRebuild: async () => undefined,
  startRollBack: async () => undefined,
  rebuildNews: async () => undefined,
  stopRebuild: async () => undefined,
  dropOld: async () => 1,
  resetPassword: async () => ({ user: 'ada', ended: 2 }),
  signOut: async (handle) => ({ user: handle, ended: 1 }),
  setAdmin: async (handle, is) => ({ user: handle, changed: is }),
}
const served = async (folder = freshFolder()) => {
  const server = await serveAdmin(folder, admin)
  closing.push(() => server.close())
  const socket = connect(adminSocket(folder))
  closing.push(() => socket.destroy())
  await new Promise((resolve) => socket.once('connect', resolve))
  return { folder, server, socket, calls: callsOver<Admin>(linesOver(socket)) }
}

it('OP51 answers what is asked, several at once, and tells what it could not do', async () => {
  const { calls } = await served()
  expect(await Promise.all([calls.signOut('ada'), calls.setAdmin('bob', true), calls.retry('timelines', 'x')])).toEqual(
    [{ user: 'ada', ended: 1 }, { user: 'bob', changed: true }, undefined],
  )
  await expect(calls.status()).rejects.toThrow('no status today')
})

it('OP51 is its owner’s alone, and takes the place of what a killed process left', async () => {
  const folder = freshFolder()
  writeFileSync(adminSocket(folder), 'left')
  const { calls } = await served(folder)
  expect(statSync(adminSocket(folder)).mode & 0o777).toBe(0o600)
  expect(await calls.signOut('ada')).toMatchObject({ ended: 1 })
})

it.each(['no json\n', '7\n', 'null\n', '"text"\n'])(
  'OP51 cuts off who writes %j, and goes on with the others',
  async (garbage) => {
    const { folder, socket } = await served()
    const gone = new Promise((resolve) => socket.once('close', resolve))
    socket.write(garbage)
    await gone
    const other = connect(adminSocket(folder))
    closing.push(() => other.destroy())
    expect(await callsOver<Admin>(linesOver(other)).signOut('bob')).toMatchObject({ user: 'bob' })
  },
)

it('OP51 a line that comes in pieces is one, in whatever script', async () => {
  const { socket, calls } = await served()
  const line = Buffer.from(`${JSON.stringify({ call: 99, method: 'signOut', args: ['你好'] })}\n`)
  const answer = new Promise((resolve) => socket.on('data', (data) => `${data}`.includes('99') && resolve(`${data}`)))
  for (const byte of line) socket.write(Buffer.from([byte]))
  expect(await answer).toContain('你好')
  expect(await calls.signOut('ada')).toMatchObject({ user: 'ada' })
})

it('OP51 closes with whoever is connected, and once closed answers nobody', async () => {
  const { folder, server, socket } = await served()
  const gone = new Promise((resolve) => socket.once('close', resolve))
  await server.close()
  await gone
  const late = connect(adminSocket(folder))
  expect(await new Promise((resolve) => late.once('error', ({ name }) => resolve(name)))).toBe('Error')
})

it('OP51 is named the shorter way, since a kernel takes about a hundred characters', () => {
  expect(adminSocket('data', '/srv/a/long/way/down')).toBe('data/admin.sock')
  expect(adminSocket('/srv/data', '/home/somebody/elsewhere')).toBe('/srv/data/admin.sock')
  expect(adminSocket('.', '/srv/data')).toBe('admin.sock')
})
