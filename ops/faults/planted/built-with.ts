import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'esbuild'
import { bundle, server } from '../../build/bundle.mjs'
import { filesWithMistake, type Planted } from './mistakes.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** The server, or another program of one entry `main`, with the mistake in it, in a folder beside the one of the real build, as long as `work` takes. */
export const builtWith = async <T>(
  planted: Pick<Planted, 'changes'>,
  work: (main: string) => Promise<T>,
  entries: Readonly<Record<string, string>> = server,
): Promise<T> => {
  const files = filesWithMistake(planted)
  const outdir = mkdtempSync(join(root, 'ops', 'dist-planted-'))
  const plugin: Plugin = {
    name: 'planted',
    setup: (on) =>
      on.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const contents = files.get(path)
        return contents === undefined ? undefined : { contents, loader: 'ts' }
      }),
  }
  try {
    await bundle({ entries, outdir, plugins: [plugin] })
    return await work(join(outdir, 'main.js'))
  } finally {
    rmSync(outdir, { recursive: true, force: true })
  }
}
