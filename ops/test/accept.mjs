// Runs a black-box check against a server of its own: node ops/test/accept.mjs <script> [NAME=value …]
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const [script, ...settings] = process.argv.slice(2)
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const folder = mkdtempSync(join(tmpdir(), 'verbatim-accept-'))
const env = {
  ...process.env,
  PORT: '0',
  DATA: join(folder, 'data'),
  LIMITS: 'off',
  ...Object.fromEntries(settings.map((setting) => setting.split(/=(.*)/s).slice(0, 2))),
}
const server = spawn(process.execPath, ['ops/dist/main.js'], { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] })
const ended = new Promise((resolve) => server.once('exit', resolve))

let url
for await (const line of createInterface({ input: server.stdout })) {
  console.log(line)
  url = /listening on (http:\/\/\S+)/.exec(line)?.[1]
  if (url) break
}
server.stdout.resume()
const status = url
  ? await new Promise((resolve) => {
      spawn(process.execPath, [script, url], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] }).once(
        'exit',
        resolve,
      )
    })
  : 1
server.kill('SIGTERM')
const stopped = await ended
if (stopped !== 0) console.log(`the server ended with ${stopped}`)
rmSync(folder, { recursive: true, force: true })
process.exit(status === 0 && stopped === 0 ? 0 : 1)
