import { statSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, expect, it } from 'vitest'
import { recordingClient } from '../client.ts'
import { accepted } from '../load.ts'
import { get, register, ulid } from '../person.ts'
import { readWhole } from '../recorder.ts'
import { startServer } from '../server.ts'
import { disksHere, failingDisk, SYNC } from './failing-disk.ts'
import { cutPower } from './power-cut.ts'

const { library, run, remove } = disksHere()
afterAll(remove)
const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

it.runIf(run)(
  'OP116 what a checkpoint has moved before a reader stopped it stays there when a later sync of the file fails and the power goes',
  async () => {
    const disk = failingDisk(library, { forgets: true })
    const file = join(disk.data, 'log.db')
    const start = (port?: number) =>
      startServer({ data: disk.data, env: disk.env, ...(port !== undefined && { port }) })
    let server = await start()
    let over = false
    try {
      const { base, port } = server
      // A half that could not be synced ends the process: whoever looks after it starts it again.
      const lookAfter = async (): Promise<void> => {
        await server.exited
        if (over) return
        server = await start(port)
        await lookAfter()
      }
      const lookingAfter = lookAfter()
      const ada = await register(base, 'ada')
      const conversation = ulid()
      const group = await accepted(base, ada, { type: 'StartGroup', conversation, name: 'Tea', members: [] })
      const client = recordingClient({ name: 'ada', base: () => base, token: () => ada.token })
      await client.until('ready', () => client.frames.some(({ type }) => type === 'ready'))
      let sent = 0
      /** So long that most of them begin a page of their own. */
      const say = async (count: number): Promise<void> => {
        const texts = Array.from({ length: count }, () => `${sent++} `.padEnd(7_900, 'tea '))
        const sends = texts.map((text) =>
          client.send({ id: ulid(), type: 'SendMessage', conversation, body: { text } }),
        )
        for (const answer of await Promise.all(sends)) expect(answer.type).toBe('ack')
      }
      const sizeOf = () => statSync(file).size
      const sayUntil = async (condition: () => boolean): Promise<void> => {
        for (let round = 0; !condition(); round++) {
          if (round > 200) throw new Error('no checkpoint came')
          await say(20)
        }
      }

      await say(100)
      const reader = new Database(file, { readonly: true })
      reader.exec('BEGIN; SELECT count(*) FROM events')
      const before = sizeOf()
      await sayUntil(() => sizeOf() > before)
      reader.close()

      disk.fail({ kinds: SYNC, error: 'EIO', files: 'log.db' })
      await sayUntil(() => disk.told().failed > 0)
      disk.heal()
      const half = sizeOf()
      await sayUntil(() => sizeOf() > half)
      await say(20)
      client.close()
      over = true
      await server.kill()
      await lookingAfter
      cutPower(disk)

      server = await start(port)
      const ready = async () => (await fetch(`${base}/ready`)).status === 200
      for (const end = performance.now() + 30_000; !(await ready()) && performance.now() < end; ) await wait(100)
      const events = await readWhole(base, ada.token, group.conversation)
      expect(events.filter(({ type }) => type === 'MessageSent')).toHaveLength(sent)
      expect((await get(base, '/api/me', ada)).status).toBe(200)
      const log = new Database(file, { readonly: true })
      expect(log.pragma('integrity_check', { simple: true })).toBe('ok')
      log.close()
    } finally {
      await server.kill()
      disk.remove()
    }
  },
)
