import { Argument, type Command } from 'commander'
import { type Adds, addCommand } from '../cli.ts'
import { completionFor, type Shell, shells } from '../completion.ts'

/** `verbatim completion`: what makes a shell complete our commands. */
export const completion: Adds = (program, cli) => {
  addCommand(
    program,
    'completion',
    'Prints a script that completes commands and options',
    'completion bash >> ~/.bashrc',
  )
    .addArgument(new Argument('<shell>').choices(shells))
    .action((shell: Shell, options: { json?: boolean }) => {
      const script = completionFor(shell, wordsOf(program))
      cli.print(options.json ? JSON.stringify({ shell, script }) : script)
    })
}

/** What may follow each command: `''` is the program itself, `dead-letters list` a command below another. */
export const wordsOf = (program: Command): ReadonlyMap<string, readonly string[]> => {
  const words = new Map<string, readonly string[]>()
  const walk = (command: Command, path: string): void => {
    const options = command.options.flatMap(({ long }) => (long ? [long] : []))
    const choices = command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? [])
    words.set(path, [...command.commands.map((one) => one.name()), ...choices, ...options, '--help'])
    for (const below of command.commands) walk(below, path === '' ? below.name() : `${path} ${below.name()}`)
  }
  walk(program, '')
  return words
}
