import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, it } from 'vitest'
import { lockDataFolder } from './lock.ts'
import { freshFolder } from './sqlite.rig.ts'

it('EL14 frees the folder when its process is killed, and not before', async () => {
  const folder = freshFolder()
  const lock = JSON.stringify(new URL('./lock.ts', import.meta.url).href)
  const source = `import { lockDataFolder } from ${lock}; lockDataFolder(${JSON.stringify(folder)}); console.log('held'); setInterval(() => {}, 1000)`
  const holder = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', source])
  try {
    await once(holder.stdout, 'data')
    expect(() => lockDataFolder(folder)).toThrow(`another Verbatim process (pid ${holder.pid}) is using ${folder}`)
  } finally {
    holder.kill('SIGKILL')
  }
  await once(holder, 'exit')
  lockDataFolder(folder).release()
})
