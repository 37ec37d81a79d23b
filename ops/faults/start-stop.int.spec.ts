import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { checkHistory, report } from './check-history.ts'
import { chanceOf, gather, keepSending, readAll } from './load.ts'
import { register } from './person.ts'
import { recorder } from './recorder.ts'
import { launch, MAIN, type Server, startServer } from './server.ts'

const folders: string[] = []
const running: { kill(): Promise<void> }[] = []
const freshFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'verbatim-start-'))
  folders.push(folder)
  return folder
}
const started = async (settings: Parameters<typeof startServer>[0]): Promise<Server> => {
  const server = await startServer(settings)
  running.push(server)
  return server
}
/** Starts it where it cannot: how it ended, and what it said. */
const failing = async (settings: Parameters<typeof startServer>[0]) => {
  const run = launch(settings)
  running.push(run)
  const { code } = await run.exited
  return { code, said: run.errors().trim() }
}
const answers = async ({ base }: Server) => (await fetch(`${base}/health`)).status
afterEach(async () => {
  for (const run of running.splice(0)) await run.kill()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

describe('stopping', () => {
  it('OP21 SIGTERM under load ends within ten seconds with 0, tells the sockets 1012 and loses no acknowledgement', async () => {
    const data = freshFolder()
    const record = recorder()
    const server = await started({ data })
    const people = await gather(server.base, ['ada', 'bob', 'cleo', 'dan'], record)
    let going = true
    const load = people.map((person, n) =>
      keepSending(person, { chance: chanceOf(n), window: 32, going: () => going, recorder: record }),
    )
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    const asked = performance.now()
    expect(await server.stop()).toEqual({ code: 0, signal: null })
    expect(performance.now() - asked).toBeLessThan(10_000)
    for (const { client } of people) {
      await client.until('the end of its socket', () => client.closes.length > 0)
      expect(client.closes[0]?.code).toBe(1012)
    }

    const again = await started({ data, port: server.port })
    going = false
    await Promise.all(load)
    await readAll(again.base, people, record)
    for (const { client } of people) client.close()
    expect(report(checkHistory(record.history()))).toBe('')
  })
  it('OP21 a server without anybody stops at once', async () => {
    const server = await started({ data: freshFolder() })
    const asked = performance.now()
    expect(await server.stop()).toEqual({ code: 0, signal: null })
    expect(performance.now() - asked).toBeLessThan(3_000)
  })
})

describe('starting without the client', () => {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  /** The built server in a tree of its own, in which nobody has built the client. */
  const treeWithoutClient = (): string => {
    const tree = freshFolder()
    cpSync(dirname(MAIN), join(tree, 'ops/dist'), { recursive: true })
    cpSync(join(root, 'package.json'), join(tree, 'package.json'))
    symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'))
    return tree
  }
  it.each([
    ['is no folder', []],
    ['is half of a build', ['web/dist/assets']],
  ])('OP26 says so in one line, and serves the API, where there %s', async (_, folders) => {
    const tree = treeWithoutClient()
    for (const folder of folders) mkdirSync(join(tree, folder), { recursive: true })
    const server = await started({ data: freshFolder(), main: join(tree, 'ops/dist/main.js') })
    const client = join(tree, 'web/dist')
    expect(server.said().match(/.*client.*/g)).toEqual([
      `there is no client in ${client}, so only the API is served; npm run build makes it`,
    ])
    expect(server.errors()).toBe('')
    expect(await answers(server)).toBe(200)
    await register(server.base, 'ada')
    const page = await fetch(server.base, { headers: { accept: 'text/html' } })
    expect([page.status, await page.json()]).toEqual([404, { refused: 'not-found' }])
    expect(await server.stop()).toEqual({ code: 0, signal: null })
  })
})

describe('starting where it cannot', () => {
  it('OP22 a second process on the same folder is refused in one sentence, and the first goes on', async () => {
    const data = freshFolder()
    const first = await started({ data })
    const { code, said } = await failing({ data })
    expect(code).toBeGreaterThan(0)
    expect(said.split('\n')).toHaveLength(1)
    expect(said).toContain(data)
    expect(await answers(first)).toBe(200)
    await register(first.base, 'ada')
  })
  it('OP22 the folder is free again after a kill', async () => {
    const data = freshFolder()
    await (await started({ data })).kill()
    expect(await answers(await started({ data }))).toBe(200)
  })
  it('OP23 a port in use is named in one sentence', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => taken.once('listening', resolve))
    const address = taken.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const { code, said } = await failing({ data: freshFolder(), port })
    taken.close()
    expect(code).toBeGreaterThan(0)
    expect(said.split('\n')).toHaveLength(1)
    expect(said).toContain(`${port}`)
  })
  it('OP23 a folder that cannot be written is named in one sentence', async () => {
    const file = join(freshFolder(), 'file')
    writeFileSync(file, '')
    const { code, said } = await failing({ data: join(file, 'data') })
    expect(code).toBeGreaterThan(0)
    expect(said.split('\n')).toHaveLength(1)
    expect(said).toContain(file)
  })
  it('OP24 every wrong setting is named at once, and nothing is made', async () => {
    const data = join(freshFolder(), 'data')
    const { code, said } = await failing({ data, env: { GROUP_MEMBERS: 'many', LIMITS: 'maybe' } })
    expect(code).toBeGreaterThan(0)
    expect(said).toContain('GROUP_MEMBERS')
    expect(said).toContain('LIMITS')
    expect(said).not.toMatch(/\n\s+at /)
    expect(() => statSync(data)).toThrow()
  })
  it('OP25 what it makes is for its owner only', async () => {
    const data = join(freshFolder(), 'data')
    await started({ data })
    expect((statSync(data).mode & 0o777).toString(8)).toBe('700')
    expect((statSync(join(data, 'identity.db')).mode & 0o777).toString(8)).toBe('600')
  })
})
