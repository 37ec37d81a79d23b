#!/usr/bin/env node
// What `npx verbatim` runs: the built command line.
import { existsSync } from 'node:fs'

const built = new URL('../dist/cli.js', import.meta.url)
if (existsSync(built)) await import(built.href)
else {
  console.error('verbatim is not built yet: run `npm run build` in the project’s root first')
  process.exitCode = 2
}
