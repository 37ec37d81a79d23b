import { Command } from 'commander'
import type { Cli } from './cli.ts'
import { backup } from './commands/backup.ts'
import { completion } from './commands/completion.ts'
import { deadLetters } from './commands/dead-letters.ts'
import { doctor } from './commands/doctor.ts'
import { rebuild } from './commands/rebuild.ts'
import { replay } from './commands/replay.ts'
import { restore } from './commands/restore.ts'
import { status } from './commands/status.ts'
import { user } from './commands/user.ts'
import { verify } from './commands/verify.ts'
import { exitsTable } from './failure.ts'

/** All commands, in the order in which the help shows them. */
const commands = [status, replay, rebuild, verify, deadLetters, backup, restore, user, doctor, completion]

/** The command line, which throws instead of ending the process. */
export const program = (cli: Cli): Command => {
  const made = new Command('verbatim')
    .description('Looks after a Verbatim installation: the data folder that DATA names (./data when it is not set).')
    .addHelpText('after', `\nExample:\n  $ DATA=/srv/verbatim npx verbatim status\n\n${exitsTable}`)
    .exitOverride()
    .showHelpAfterError('(--help tells how)')
  for (const add of commands) add(made, cli)
  return made
}
