import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { conversationStream } from '@verbatim/protocol'
import { idAt, messageSent, tea } from '@verbatim/protocol/examples'
import { lockDataFolder } from '@verbatim/services/event-log'
import Database from 'better-sqlite3'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { adminSocket } from '../../embedded/admin-socket.ts'
import { failure, freshFolder, runHere, told } from '../cli.rig.ts'
import { exits } from '../failure.ts'
import { logFile } from '../files.ts'
import { copyOf, installation, withLog } from '../installation.rig.ts'

let sound: string
beforeAll(async () => {
  sound = await installation()
})

describe('status', () => {
  it('OP40 tells head, position, lag and size where no server runs', async () => {
    const folder = copyOf(sound)
    await withLog(folder, (append) => append(conversationStream(tea), [messageSent({ message: idAt(90), n: 41 })]))
    const { found } = await told(folder, 'status')
    expect(found).toMatchObject({ server: null, log: { id: 'log-1', head: 53 } })
    expect(found.models).toHaveLength(3)
    for (const model of found.models)
      expect(model).toMatchObject({ position: 52, lag: 1, state: 'at rest', parkedEvents: 0 })
  })

  it('OP40 tells what is set aside, of another log, or not built', async () => {
    const folder = copyOf(sound)
    const db = new Database(join(folder, 'people_v1.db'))
    db.exec("INSERT INTO parked VALUES (1, 'account-x', 0, 'no'), (2, 'account-x', 1, NULL)")
    db.exec("UPDATE meta SET value = 'log-0' WHERE key = 'log'")
    db.close()
    const { found } = await told(folder, 'status')
    expect(found.models[2]).toMatchObject({
      name: 'people',
      state: 'of another log',
      parkedStreams: 1,
      parkedEvents: 2,
    })
    const empty = freshFolder()
    writeFileSync(logFile(empty), readFileSync(logFile(folder)))
    expect((await told(empty, 'status')).found.models[0]).toMatchObject({ state: 'not built', position: 0, lag: 52 })
  })

  it('OP40 does not call a server that is still starting none, and is not in its way', async () => {
    const folder = copyOf(sound)
    const lock = lockDataFolder(folder)
    const { exit, found } = await told(folder, 'status')
    expect({ exit, silent: found.silent }).toEqual({ exit: exits.busy, silent: { pid: process.pid, connected: false } })
    expect((await runHere(folder, ['status'])).out[1]).toBe(
      `server  none answers, but pid ${process.pid} took the folder and still runs; it may be starting: npx verbatim doctor`,
    )
    lock.release()
    const db = new Database(join(folder, 'lock'))
    db.exec(`UPDATE holder SET pid = ${2 ** 22 + 1}`)
    db.close()
    expect((await runHere(folder, ['status'])).out[1]).toBe('server  not running')
  })

  it('OP48 an act whose server does not answer is told as perhaps done', async () => {
    const folder = copyOf(sound)
    const silent = createServer().listen(adminSocket(folder))
    await once(silent, 'listening')
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const failed = failure(folder, 'user', 'sign-out', 'ada').finally(() => vi.useRealTimers())
    await once(silent, 'connection')
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
    vi.advanceTimersByTime(30_000)
    expect(await failed).toMatchObject({
      exit: exits.busy,
      message: expect.stringMatching(/has not answered for 30 s: what was asked may yet be done/),
    })
    silent.close()
  })

  it('OP50 a folder that is not there, and one without a log, are told apart from what is wrong', async () => {
    expect(await failure('/nowhere', 'status')).toMatchObject({ exit: exits.missing })
    expect(await failure(freshFolder(), 'status')).toMatchObject({ exit: exits.missing })
  })
})
