// Builds what `npm start` runs: the server and its threads into ops/dist, the client into web/dist.
//   node ops/build/build.mjs [server|client]
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundle, server } from './bundle.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const only = process.argv[2]

const entries = {
  ...server,
  cli: 'ops/cli/main.ts',
  bench: 'ops/bench/main.ts',
  'bench-generator': 'ops/bench/generator/main.ts',
  'bench-raw': 'ops/bench/raw/main.ts',
  'bench-raw-writer': 'ops/bench/raw/writer.ts',
}

const buildServer = async () => {
  rmSync(join(root, 'ops/dist'), { recursive: true, force: true })
  await bundle({ entries, outdir: 'ops/dist' })
}

const buildClient = () => {
  const { status } = spawnSync(process.execPath, [join(root, 'node_modules/vite/bin/vite.js'), 'build', 'web'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (status !== 0) throw new Error('the client could not be built; see above')
}

if (only !== 'client') await buildServer()
if (only !== 'server') buildClient()
