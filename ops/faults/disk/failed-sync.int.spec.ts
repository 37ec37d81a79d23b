import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { accepted } from '../load.ts'
import { get, post, refresh, register, ulid } from '../person.ts'
import { type Server, startServer } from '../server.ts'
import { disksHere, type FailingDisk, failingDisk, SYNC } from './failing-disk.ts'
import { cutPower } from './power-cut.ts'

const { library, run, remove } = disksHere()
afterAll(remove)

// A process dies and the kernel does not: it shows to the next one what it could not write, as if it were on the disk.
describe.runIf(run)('what a failed sync has left out', () => {
  let disk: FailingDisk
  let server: Server
  const start = async (port?: number) => {
    server = await startServer({ data: disk.data, env: disk.env, ...(port !== undefined && { port }) })
    return server.port
  }
  beforeEach(() => {
    disk = failingDisk(library, { forgets: true })
  })
  afterEach(async () => {
    await server.kill()
    disk.remove()
  })

  it('OP116 of the log is acknowledged after a restart only when it is on the disk, as is what comes behind it', async () => {
    const port = await start()
    const ada = await register(server.base, 'ada')
    const conversation = ulid()
    await accepted(server.base, ada, { type: 'StartGroup', conversation, name: 'Tea', members: [] })
    const say = (text: string, id = ulid()) => ({ id, type: 'SendMessage', conversation, body: { text } })
    const unsynced = say('is it there?')

    disk.fail({ kinds: SYNC, error: 'EIO', files: 'log.db*', times: 1_000 })
    const refused = await post(server.base, '/api/commands', unsynced, { authorization: `Bearer ${ada.token}` })
    expect(refused).toMatchObject({ status: 503, body: { refused: 'unavailable', retryAfter: expect.any(Number) } })
    await server.kill()
    disk.heal()
    await start(port)
    const said = [await accepted(server.base, ada, unsynced), await accepted(server.base, ada, say('and this?'))]
    await server.kill()
    cutPower(disk)
    await start(port)
    const again = [await accepted(server.base, ada, unsynced), await accepted(server.base, ada, say('and now?'))]
    expect(again[0]).toEqual(said[0])
    expect(again[1]?.revision).toBe(3)
  })

  it('OP116 of the sign-ins takes nothing with it that comes behind it', async () => {
    const port = await start()
    await register(server.base, 'ada')
    disk.fail({ kinds: SYNC, error: 'EIO', files: 'identity.db*', times: 1_000 })
    await expect(register(server.base, 'bob')).rejects.toThrow('503')
    await server.kill()
    disk.heal()
    await start(port)
    const cleo = await register(server.base, 'cleo')
    await server.kill()
    cutPower(disk)
    await start(port)
    expect((await get(server.base, '/api/me', cleo)).status).toBe(200)
    expect((await refresh(server.base, cleo.cookie)).status).toBe(200)
  })
})
