import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SessionId, UserId } from '@verbatim/protocol'
import { afterEach, describe, expect, it } from 'vitest'
import { clockAt, noon } from '../identity.rig.ts'
import { describeIdentityStore } from '../identity-store.contract.ts'
import { openIdentityStore } from './sqlite.ts'

const folders: string[] = []
const freshFile = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'identity-'))
  folders.push(folder)
  return join(folder, 'identity.db')
}
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

describeIdentityStore('SQLite', (clock) => openIdentityStore(freshFile(), clock))

describe('the file', () => {
  const mode = (file: string) => (statSync(file).mode & 0o777).toString(8)
  it('ID24 is readable by its owner only, with all that lies beside it', () => {
    const file = freshFile()
    const store = openIdentityStore(file, clockAt(noon))
    store.keys('sign', new Uint8Array(32))
    expect([file, `${file}-wal`, `${file}-shm`].map(mode)).toEqual(['600', '600', '600'])
    store.close()
  })
  it('ID24 is made private again when somebody opened it up', () => {
    const file = freshFile()
    writeFileSync(file, '', { mode: 0o644 })
    openIdentityStore(file, clockAt(noon)).close()
    expect(mode(file)).toBe('600')
  })
  it('ID22 keeps what it answered over a restart', () => {
    const file = freshFile()
    const user = '01JADA00000000000000000000' as UserId
    const session = '01JSESS0000000000000000001' as SessionId
    const first = openIdentityStore(file, clockAt(noon))
    first.reserve({ handle: 'ada', user, name: 'Ada', passwordHash: '$' })
    first.openSession({ session, user, device: 'curl', token: 'token-0' })
    first.rotate(session, 'token-0', 'token-1')
    const key = first.keys('digest', new Uint8Array(32).fill(7))
    // Not closed: the next one finds what a killed process leaves.
    const second = openIdentityStore(file, clockAt(noon))
    expect(second.handle('ada')?.user).toBe(user)
    expect(second.rotate(session, 'token-1', 'token-2').kind).toBe('rotated')
    expect(second.keys('digest', new Uint8Array(32))).toEqual(key)
    second.close()
    first.close()
    expect(readFileSync(file).length).toBeGreaterThan(0)
  })
})
