import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Another build may be tried with `CLI_MAIN`. */
const MAIN = process.env.CLI_MAIN ?? fileURLToPath(new URL('../dist/cli.js', import.meta.url))

export type Ran = { readonly code: number | null; readonly out: string; readonly err: string }

/** Starts the built command line as a process of its own. */
export const startCli = (folder: string, words: readonly string[], input = '', env: Record<string, string> = {}) => {
  const child = spawn(process.execPath, [MAIN, ...words], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env, DATA: folder },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk
  })
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk
  })
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  const ended = new Promise<Ran>((resolve) => child.once('close', (code) => resolve({ code, out, err })))
  return { ended, out: () => out, interrupt: () => child.kill('SIGINT') }
}

export const runCli = (folder: string, words: readonly string[], input?: string, env?: Record<string, string>) =>
  startCli(folder, words, input, env).ended

/** What a command answers with `--json`. */
export const askCli = async (folder: string, ...words: readonly string[]) => {
  const { code, out, err } = await runCli(folder, [...words, '--json'])
  if (out === '') throw new Error(`verbatim ${words.join(' ')} ended with ${code}: ${err}`)
  return { code, found: JSON.parse(out) }
}

const folders: string[] = []
process.once('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})
/** A folder of the test's own, gone with it. */
export const freshFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'verbatim-cli-'))
  folders.push(folder)
  return folder
}
