import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ada, noon } from '@verbatim/protocol/examples'
import { lockDataFolder } from '@verbatim/services/event-log'
import { openIdentityStore } from '@verbatim/services/identity'
import { beforeAll, describe, expect, it } from 'vitest'
import { acts, failure, runHere, told } from '../cli.rig.ts'
import { exits } from '../failure.ts'
import { identityFile } from '../files.ts'
import { copyOf, installation } from '../installation.rig.ts'

let sound: string
beforeAll(async () => {
  sound = await installation()
})

describe('user', () => {
  const storeOf = (folder: string) => openIdentityStore(identityFile(folder), { now: () => noon })

  it('OP47 is made an administrator and unmade, and done twice is done once', async () => {
    const folder = copyOf(sound)
    expect((await told(folder, 'user', 'admin', 'Ada')).found).toMatchObject({ admin: true, changed: true })
    expect((await told(folder, 'user', 'admin', 'ada')).found).toMatchObject({ admin: true, changed: false })
    expect(storeOf(folder).isAdmin(ada)).toBe(true)
    expect((await told(folder, 'user', 'admin', 'ada', '--revoke')).found).toMatchObject({
      admin: false,
      changed: true,
    })
    expect(storeOf(folder).isAdmin(ada)).toBe(false)
    expect(acts(folder)).toMatchObject([
      { act: 'make-admin', user: ada },
      { act: 'unmake-admin', user: ada },
    ])
  })

  it('OP53 gets another password, made or piped in, and is signed out by it', async () => {
    const folder = copyOf(sound)
    const before = storeOf(folder).handle('ada')?.passwordHash
    const { found } = await told(folder, 'user', 'reset-password', 'ada')
    expect(found).toMatchObject({ ended: 1, password: expect.stringMatching(/^([a-z2-9]{5}-){3}[a-z2-9]{5}$/) })
    const after = storeOf(folder).handle('ada')?.passwordHash
    expect(after).not.toBe(before)
    const piped = await runHere(folder, ['user', 'reset-password', 'ada', '--stdin'], { input: 'word for word\n' })
    expect(piped.out.join()).not.toContain('word for word')
    expect(storeOf(folder).handle('ada')?.passwordHash).not.toBe(after)
    expect(readFileSync(join(folder, 'acts.jsonl'), 'utf8')).not.toMatch(/word for word|argon2/)
    await expect(runHere(folder, ['user', 'reset-password', 'ada', '--stdin'], { input: 'short' })).rejects.toThrow(
      '10 to 1,024',
    )
  })

  it('OP53 is signed out everywhere, and nobody else', async () => {
    const folder = copyOf(sound)
    expect((await told(folder, 'user', 'sign-out', 'bob')).found).toMatchObject({ ended: 0 })
    expect((await told(folder, 'user', 'sign-out', 'ada')).found).toMatchObject({ ended: 1 })
    expect((await told(folder, 'user', 'sign-out', 'ada')).found).toMatchObject({ ended: 0 })
    await expect(runHere(folder, ['user', 'sign-out', 'nobody'])).rejects.toThrow('nobody has the handle nobody')
  })

  it('OP48 is left alone while another process has the folder and does not answer', async () => {
    const folder = copyOf(sound)
    const lock = lockDataFolder(folder)
    expect(await failure(folder, 'user', 'sign-out', 'ada')).toMatchObject({ exit: exits.busy })
    lock.release()
    expect(storeOf(folder).sessions(ada)).toHaveLength(1)
    expect((await told(folder, 'user', 'sign-out', 'ada')).exit).toBe(exits.fine)
  })
})
