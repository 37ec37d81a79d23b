import { statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { lockDataFolder } from './lock.ts'
import { freshFolder } from './sqlite.rig.ts'

it('EL14 lets one in and tells the next who it is', () => {
  const folder = join(freshFolder(), 'data')
  const lock = lockDataFolder(folder, 4_711)
  expect(() => lockDataFolder(folder, 4_712)).toThrow(
    `another Verbatim process (pid 4711) is using ${folder}: stop it first, or set DATA to another folder`,
  )
  lock.release()
  lockDataFolder(folder, 4_713).release()
})

it('EL14 makes a folder that is its owner’s alone', () => {
  const folder = join(freshFolder(), 'deep', 'data')
  lockDataFolder(folder)
  expect(statSync(folder).mode & 0o777).toBe(0o700)
  expect(statSync(join(folder, 'lock')).mode & 0o777).toBe(0o600)
})
