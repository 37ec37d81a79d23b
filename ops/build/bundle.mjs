import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

/** Our own workspaces are bundled; packages from the registry stay where npm put them. */
const packagesStayOutside = {
  name: 'packages-stay-outside',
  setup: (on) =>
    on.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === 'entry-point' || path.startsWith('@verbatim/') ? undefined : { path, external: true },
    ),
}

/** The server: one entry for the process and one for each thread, which is started by the file beside the one that starts it. */
export const server = {
  main: 'ops/embedded/main.ts',
  'threads/log-writer': 'ops/embedded/threads/log-writer.ts',
  'threads/projector': 'ops/embedded/threads/projector.ts',
  'threads/queries': 'ops/embedded/threads/queries.ts',
  'threads/identity': 'ops/embedded/threads/identity.ts',
  'threads/rebuild': 'ops/embedded/threads/rebuild.ts',
}

/** Bundles entries of the tree into `outdir`, which has to lie in a folder of `ops/`: what they look for lies beside it. */
export const bundle = ({ entries, outdir, plugins = [] }) =>
  build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(join(root, file)))),
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: 'linked',
    logLevel: 'warning',
    plugins: [packagesStayOutside, ...plugins],
  })
