// Builds what `npm start` runs: the server and its threads into ops/dist, the client into web/dist.
//   node ops/build/build.mjs [server|client]
import { spawnSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const only = process.argv[2]

/** Our own workspaces are bundled; packages from the registry stay where npm put them. */
const packagesStayOutside = {
  name: 'packages-stay-outside',
  setup: (on) =>
    on.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === 'entry-point' || path.startsWith('@verbatim/') ? undefined : { path, external: true },
    ),
}

/** One entry a process and one a thread: a thread is started by the file beside the one that starts it. */
const entries = {
  main: 'ops/embedded/main.ts',
  'threads/log-writer': 'ops/embedded/threads/log-writer.ts',
  'threads/projector': 'ops/embedded/threads/projector.ts',
  'threads/queries': 'ops/embedded/threads/queries.ts',
  'threads/identity': 'ops/embedded/threads/identity.ts',
  'threads/rebuild': 'ops/embedded/threads/rebuild.ts',
  cli: 'ops/cli/main.ts',
  bench: 'ops/bench/main.ts',
  'bench-generator': 'ops/bench/generator/main.ts',
  'bench-raw': 'ops/bench/raw/main.ts',
  'bench-raw-writer': 'ops/bench/raw/writer.ts',
}

const buildServer = async () => {
  rmSync(join(root, 'ops/dist'), { recursive: true, force: true })
  await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(join(root, file)))),
    outdir: 'ops/dist',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: 'linked',
    logLevel: 'warning',
    plugins: [packagesStayOutside],
  })
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
