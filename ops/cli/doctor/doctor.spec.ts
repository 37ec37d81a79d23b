import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { noon } from '@verbatim/protocol/examples'
import { lockDataFolder } from '@verbatim/services/event-log'
import { describe, expect, it } from 'vitest'
import { freshFolder, runHere } from '../cli.rig.ts'
import { exits } from '../failure.ts'
import { installation } from '../installation.rig.ts'
import { clock } from './clock.ts'
import type { Finding } from './finding.ts'
import { disk, permissions } from './folder.ts'
import { openFilesIn, port } from './process.ts'
import { nodeVersion, sqlite } from './versions.ts'

describe('doctor', () => {
  it('OP49 finds an installation in order, and a folder that is not there yet', async () => {
    const folder = await installation()
    chmodSync(folder, 0o700)
    const { exit, out } = await runHere(folder, ['doctor', '--json'])
    const findings: Finding[] = JSON.parse(out[0] ?? '')
    expect(findings.filter(({ state }) => state === 'wrong')).toEqual([])
    expect(exit).toBe(exits.fine)
    expect(findings.map(({ check }) => check)).toEqual(
      expect.arrayContaining([
        'settings',
        'Node',
        'SQLite',
        'sockets',
        'folder',
        'disk',
        'clock',
        'log',
        'open files',
        'port',
        'server',
      ]),
    )
    expect((await runHere(join(folder, 'new'), ['doctor'])).exit).toBe(exits.fine)
  })

  it('OP49 ends with a failure when something is wrong, and says what to do', async () => {
    const folder = await installation()
    chmodSync(join(folder, 'identity.db'), 0o644)
    const lock = lockDataFolder(folder)
    const { exit, out } = await runHere(folder, ['doctor'])
    lock.release()
    expect(exit).toBe(exits.faults)
    expect(out.join('\n')).toMatch(/wrong {2}folder .*identity\.db\n +do: chmod -R go-rwx/)
    expect(out.join('\n')).toMatch(/wrong {2}server .*is using/)
  })

  it('OP49 says whose a folder is and who may read it', () => {
    const folder = freshFolder()
    const own = process.getuid?.()
    expect(permissions(folder, own)).toMatchObject({ state: 'fine' })
    expect(permissions(folder, (own ?? 0) + 1)).toMatchObject({ state: 'wrong' })
    expect(permissions(join(folder, 'no'), own)).toMatchObject({ state: 'look' })
    writeFileSync(join(folder, 'file'), '', { mode: 0o600 })
    expect(permissions(join(folder, 'file'), own)).toMatchObject({
      state: 'wrong',
      found: expect.stringContaining('is no folder'),
    })
    mkdirSync(join(folder, 'open'))
    chmodSync(join(folder, 'open'), 0o755)
    expect(permissions(folder, own)).toMatchObject({ state: 'wrong', found: expect.stringContaining('open') })
    expect(disk(join(folder, 'a', 'b')).check).toBe('disk')
  })

  it('OP49 tells a clock that is behind the log, and one that stepped back', () => {
    expect(clock([], noon)).toMatchObject({ state: 'fine' })
    expect(clock([noon - 10, noon + 1_000], noon)).toMatchObject({ state: 'fine' })
    expect(clock([noon - 10, noon + 3_600_000], noon)).toMatchObject({
      state: 'wrong',
      found: expect.stringContaining('1 h 0 min before'),
    })
    expect(clock([noon - 10, noon - 60_000, noon - 5], noon)).toMatchObject({
      state: 'look',
      found: expect.stringContaining('1 times'),
    })
  })

  it('OP49 reads versions and limits', () => {
    expect(['v18.20.0', 'v20.18.9', 'v20.19.0', 'v24.1.0'].map((version) => nodeVersion(version).state)).toEqual([
      'wrong',
      'wrong',
      'fine',
      'fine',
    ])
    expect(sqlite().state).toBe('fine')
    expect(openFilesIn('Max open files            1024                 524288               files     ')).toBe(1_024)
    expect(openFilesIn('Max open files            unlimited            unlimited            files     ')).toBe(
      Number.POSITIVE_INFINITY,
    )
    expect(openFilesIn('')).toBeUndefined()
  })

  it('OP49 tells a port in use from a free one', async () => {
    const server = createServer()
    const taken = await new Promise<number>((resolve) =>
      server.listen(0, '127.0.0.1', () => {
        const address = server.address()
        resolve(typeof address === 'object' && address ? address.port : 0)
      }),
    )
    expect(await port('127.0.0.1', taken)).toMatchObject({
      state: 'wrong',
      found: `${taken} is in use by another program`,
    })
    await new Promise((resolve) => server.close(resolve))
    expect(await port('127.0.0.1', taken)).toMatchObject({ state: 'fine' })
  })
})
