// What `npx verbatim` runs: the operator's commands on one data folder, beside a running server and without one.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { CommanderError } from 'commander'
import { readSettings, WrongSettings } from '../embedded/settings.ts'
import { sentenceOf } from '../sentence.ts'
import type { Cli } from './cli.ts'
import { exits, Failure } from './failure.ts'
import { program } from './program.ts'
import { progressOn, silent } from './progress.ts'

process.umask(0o077)
const interrupt = new AbortController()
const scratches: string[] = []
process.once('exit', () => {
  for (const folder of scratches) rmSync(folder, { recursive: true, force: true })
})
// A second Ctrl-C does not wait for what is under way.
process.on('SIGINT', () => (interrupt.signal.aborted ? process.exit(130) : interrupt.abort()))
process.on('SIGTERM', () => process.exit(143))
// `verbatim replay | head`: whoever reads has enough.
process.stdout.on('error', () => process.exit(exits.fine))

try {
  await program(cliOf(process.env)).parseAsync()
} catch (error) {
  process.exitCode = told(error)
}

function cliOf(environment: NodeJS.ProcessEnv): Cli {
  const { DATA } = readSettings(environment.DATA === undefined ? {} : { DATA: environment.DATA })
  return {
    folder: DATA,
    environment,
    now: Date.now,
    print: (text) => void process.stdout.write(`${text}\n`),
    note: (text) => void process.stderr.write(`${text}\n`),
    progress: (title, unit, quiet) => (quiet ? silent : progressOn(process.stderr, title, unit)),
    scratch: () => {
      const folder = mkdtempSync(join(tmpdir(), 'verbatim-'))
      scratches.push(folder)
      return folder
    },
    interrupted: interrupt.signal,
    pause: (milliseconds) => setTimeout(milliseconds, undefined, { signal: interrupt.signal }).catch(() => undefined),
    endWith: (exit) => {
      process.exitCode = exit
    },
    input: async () => {
      let text = ''
      for await (const chunk of process.stdin.setEncoding('utf8')) text += chunk
      return text
    },
  }
}

/** Tells what went wrong in a sentence, and answers with what to exit. */
function told(error: unknown): number {
  // The parser has told it already; help that was asked for is no mistake.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exits.fine : exits.usage
  const sentence = sentenceOf(error)
  const isJson = process.argv.includes('--json')
  console.error(isJson ? JSON.stringify({ error: sentence }) : `verbatim: ${sentence}`)
  if (error instanceof WrongSettings) return exits.usage
  // Also as it came over the socket of a server.
  if (error instanceof Error && error.name === 'NobodyNamed') return exits.missing
  return error instanceof Failure ? error.exit : exits.faults
}
