import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ada, idAt, noon } from '@verbatim/protocol/examples'
import { lockDataFolder, openLogReader } from '@verbatim/services/event-log'
import { openIdentityStore } from '@verbatim/services/identity'
import Database from 'better-sqlite3'
import { beforeAll, describe, expect, it } from 'vitest'
import { refuseHalfRestored } from '../../embedded/half-restored.ts'
import { acts, failure, filesOf, freshFolder, runHere, told } from '../cli.rig.ts'
import { exits } from '../failure.ts'
import { identityFile, logFile } from '../files.ts'
import { copyOf, installation } from '../installation.rig.ts'

let sound: string
beforeAll(async () => {
  sound = await installation()
})

describe('backup and restore', () => {
  const backedUp = async () => {
    const target = join(freshFolder(), 'backup')
    await runHere(sound, ['backup', target])
    return target
  }

  it('OP45 gives back every event and account under another log id, for its owner alone', async () => {
    const backup = await backedUp()
    const to = join(freshFolder(), 'data')
    const { found } = await told(sound, 'restore', backup, '--to', to)
    expect(found).toMatchObject({ head: 52, was: 'log-1', unconfirmed: 0 })
    const [was, is] = [openLogReader(logFile(sound)), openLogReader(logFile(to))]
    expect(is.log).toBe(found.log)
    expect(is.log).not.toBe('log-1')
    expect(is.readAll(0, 100)).toEqual(was.readAll(0, 100))
    expect(await told(to, 'verify')).toMatchObject({ exit: exits.fine, found: { events: 51 } })
    for (const name of readdirSync(to)) expect([name, statSync(join(to, name)).mode & 0o077]).toEqual([name, 0])
    expect(filesOf(to)).toEqual(['acts.jsonl', 'identity.db', 'lock', 'log.db'])
    expect(acts(to)).toMatchObject([{ act: 'restore', was: 'log-1' }])
  })

  it('OP45 is not made into a folder that holds something, nor of a log with faults unless asked', async () => {
    const target = freshFolder()
    writeFileSync(join(target, 'letter.txt'), '')
    expect((await failure(sound, 'backup', target)).message).toContain('is not empty')
    const folder = copyOf(sound)
    const db = new Database(logFile(folder))
    db.exec("UPDATE events SET digest = 'x' WHERE position = 20")
    db.close()
    const broken = join(freshFolder(), 'b')
    expect((await failure(folder, 'backup', broken)).message).toContain('the first at 20')
    expect(existsSync(join(broken, 'manifest.json'))).toBe(false)
    expect((await told(folder, 'backup', join(freshFolder(), 'b'), '--no-check')).exit).toBe(exits.fine)
  })

  it.each<[string, string, (backup: string) => void]>([
    ['without a manifest', 'is no backup', (backup) => rmSync(join(backup, 'manifest.json'))],
    ['that was changed', 'is not as it was backed up', (backup) => writeFileSync(join(backup, 'identity.db'), 'x')],
    [
      'whose manifest leads elsewhere',
      'is not what this version',
      (backup) => {
        const file = join(backup, 'manifest.json')
        writeFileSync(file, readFileSync(file, 'utf8').replace('"identity.db"', '"../identity.db"'))
      },
    ],
    [
      'of a later format',
      'is not what this version',
      (backup) => {
        const file = join(backup, 'manifest.json')
        writeFileSync(file, readFileSync(file, 'utf8').replace('"format": 1', '"format": 2'))
      },
    ],
  ])('OP45 nothing is restored from a backup %s', async (_, sentence, spoil) => {
    const backup = await backedUp()
    spoil(backup)
    const to = join(freshFolder(), 'data')
    const message = (await failure(sound, 'restore', backup, '--to', to)).message
    expect(sentence === 'is no backup' ? message : message).toContain(
      sentence === 'is no backup' ? 'manifest.json' : sentence,
    )
    expect(existsSync(to)).toBe(false)
  })

  it('OP45 nothing is restored over something, nor where a server runs', async () => {
    const backup = await backedUp()
    const folder = copyOf(sound)
    const before = readFileSync(logFile(folder))
    expect((await failure(folder, 'restore', backup)).message).toContain('is not empty')
    expect(readFileSync(logFile(folder))).toEqual(before)
    const to = join(freshFolder(), 'data')
    const lock = lockDataFolder(to)
    expect(await failure(sound, 'restore', backup, '--to', to)).toMatchObject({ exit: exits.busy })
    lock.release()
    expect((await told(sound, 'restore', backup, '--to', to)).exit).toBe(exits.fine)
  })

  it('OP45 a server does not start on half a restore', () => {
    const folder = freshFolder()
    expect(() => refuseHalfRestored(folder)).not.toThrow()
    mkdirSync(join(folder, 'restoring'))
    expect(() => refuseHalfRestored(folder)).toThrow('did not finish')
  })

  it('OP46 who registered after the log was copied can register again, and nobody else', async () => {
    const folder = copyOf(sound)
    const store = openIdentityStore(identityFile(folder), { now: () => noon })
    const eve = idAt(4)
    store.reserve({ handle: 'eve', user: eve, name: 'Eve', passwordHash: '$' })
    store.confirm('eve', eve)
    store.close()
    const backup = join(freshFolder(), 'backup')
    await runHere(folder, ['backup', backup])
    const to = join(freshFolder(), 'data')
    expect((await told(folder, 'restore', backup, '--to', to)).found).toMatchObject({ unconfirmed: 1 })
    const again = openIdentityStore(identityFile(to), { now: () => noon + 61_000 })
    expect(again.handle('eve')).toMatchObject({ user: eve, confirmed: false, stale: true })
    expect(again.handle('ada')).toMatchObject({ user: ada, confirmed: true })
    again.close()
    expect((await told(to, 'verify')).found.faults).toEqual([])
  })
})
