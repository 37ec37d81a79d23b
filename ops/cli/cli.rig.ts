import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { type Exit, exits, Failure } from './failure.ts'
import { program } from './program.ts'
import { silent } from './progress.ts'

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
  return {
    ended,
    out: () => out,
    interrupt: () => child.kill('SIGINT'),
    kill: () => child.kill('SIGKILL'),
    /** Reads no further, as `head` does. */
    enough: () => child.stdout.destroy(),
  }
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

/**
 * The same commands in this process, for what needs no process of its own.
 * @param notes filled with what is said on the way, also when it fails
 */
export const runHere = async (
  folder: string,
  words: readonly string[],
  given: { readonly input?: string } = {},
  notes: string[] = [],
  seen: (program: Command) => void = () => undefined,
) => {
  const out: string[] = []
  let exit: Exit = exits.fine
  const made = program({
    folder,
    environment: { DATA: folder, HOST: '127.0.0.1', PORT: '0' },
    now: Date.now,
    print: (text) => out.push(text),
    note: (text) => notes.push(text),
    progress: () => silent,
    scratch: freshFolder,
    interrupted: new AbortController().signal,
    pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    endWith: (code) => {
      exit = code
    },
    input: async () => given.input ?? '',
  })
  quiet(made, notes)
  seen(made)
  await made.parseAsync([...words], { from: 'user' })
  return { exit, out }
}

/** What the parser says of a mistake goes where a test can see it. */
const quiet = (command: Command, notes: string[]): void => {
  command.configureOutput({ writeOut: (text) => notes.push(text), writeErr: (text) => notes.push(text) })
  for (const below of command.commands) quiet(below, notes)
}

/** What a command that ends in this process answers with `--json`. */
export const told = async (folder: string, ...words: string[]) => {
  const { out, exit } = await runHere(folder, [...words, '--json'])
  return { exit, found: JSON.parse(out[0] ?? '') }
}
/** How a command failed. */
export const failure = async (folder: string, ...words: string[]): Promise<Failure> => {
  const error: unknown = await runHere(folder, words).catch((caught: unknown) => caught)
  if (error instanceof Failure) return error
  throw new Error(`it did not fail as it should: ${error instanceof Error ? error.message : JSON.stringify(error)}`)
}
/** What operators did to a folder. */
export const acts = (folder: string): unknown[] =>
  readFileSync(join(folder, 'acts.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
/** The files of a folder without those that SQLite keeps beside its own. */
export const filesOf = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => !/-(wal|shm)$/.test(name))
    .sort()
