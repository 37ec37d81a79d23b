import type { Command } from 'commander'
import { type Exit, exitsTable } from './failure.ts'
import type { Progress } from './progress.ts'

/** What every command is given. */
export type Cli = {
  /** The data folder. */
  readonly folder: string
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Milliseconds since the epoch. */
  now(): number
  /** A line on standard output: what was asked for. */
  print(text: string): void
  /** A line on standard error: what is worth knowing on the way. */
  note(text: string): void
  /** Follows long work on standard error; says nothing when the answer is JSON. */
  progress(title: string, unit: string, quiet?: boolean): Progress
  /** A folder of one's own that is gone when the process ends, however it ends. */
  scratch(): string
  /** Aborted with Ctrl-C: who follows or reads on stops there. */
  readonly interrupted: AbortSignal
  /** Milliseconds; ends early when interrupted. */
  pause(milliseconds: number): Promise<void>
  /** Ends with that code once the command is done; 0 otherwise. */
  endWith(exit: Exit): void
  /** What is piped in. */
  input(): Promise<string>
}

export type Options = { readonly [name: string]: unknown; readonly json?: boolean }
/** Adds one command of its own to the program. */
export type Adds = (program: Command, cli: Cli) => void

/** A command with what its help owes: one line of what it does, an example, how it ends; and `--json`. */
export const addCommand = (parent: Command, name: string, does: string, example: string): Command => {
  const words = `${parent.parent ? `${parent.name()} ` : ''}`
  return parent
    .command(name)
    .description(does)
    .option('--json', 'answer as JSON')
    .addHelpText('after', `\nExample:\n  $ npx verbatim ${words}${example}\n\n${exitsTable}`)
}

/** A command without work of its own, only with others below it. */
export const addGroup = (parent: Command, name: string, does: string, example: string): Command =>
  parent
    .command(name)
    .description(does)
    .addHelpText('after', `\nExample:\n  $ npx verbatim ${name} ${example}\n\n${exitsTable}`)

/** What a command found, as JSON or as text. */
export const tell = (cli: Cli, { json }: Options, found: unknown, text: () => readonly string[]): void => {
  if (json) cli.print(JSON.stringify(found))
  else for (const line of text()) cli.print(line)
}
