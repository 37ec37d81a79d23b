import { type Adds, addCommand, type Cli, type Options, tell } from '../cli.ts'
import { exits } from '../failure.ts'
import { existingLog } from '../files.ts'
import { counted, many } from '../text.ts'
import { type Fault, lineOfFault } from '../verify/faults.ts'
import { verifyIdentity } from '../verify/identity.ts'
import { verifyLog } from '../verify/log.ts'
import { type CheckedModel, verifyModels } from '../verify/models.ts'

/** `verbatim verify`: whether everything is as it was written, and the models as the log says. */
export const verify: Adds = (program, cli) => {
  addCommand(
    program,
    'verify',
    'Checks every event, every file, and each model against one that is built again; ends with 1 on any fault',
    'verify',
  ).action(async (options: Options) => {
    const found = await verified(cli, options.json === true)
    tell(cli, options, found, () => linesOf(found))
    if (found.faults.length > 0) cli.endWith(exits.faults)
  })
}

type Verified = {
  readonly events: number
  readonly models: readonly CheckedModel[]
  readonly faults: readonly Fault[]
}

const verified = async (cli: Cli, quiet: boolean): Promise<Verified> => {
  existingLog(cli.folder)
  const log = await verifyLog(cli, quiet)
  const identity = verifyIdentity(cli.folder, log.faults.length === 0)
  // What a broken log says about models is worth nothing.
  if (log.faults.length > 0) return { events: log.events, models: [], faults: [...log.faults, ...identity] }
  const { models, faults } = await verifyModels(cli, quiet)
  return { events: log.events, models, faults: [...identity, ...faults] }
}

const linesOf = ({ events, models, faults }: Verified): string[] => [
  `log: ${many(events, 'event')} checked`,
  ...models.map(({ model, hash, position, note }) =>
    hash === undefined
      ? `${model}: ${note ?? 'differs from what the log says'}`
      : `${model}: the same as built again from the log up to ${counted(position ?? 0)}, hash ${hash}`,
  ),
  ...faults.map(lineOfFault),
  faults.length === 0 ? 'no faults' : many(faults.length, 'fault'),
]
