import { dropOld, type Rebuilt } from '@verbatim/projections/projector'
import { noteAct } from '../../embedded/journal.ts'
import type { KnownModel } from '../../embedded/models.ts'
import { type Adds, addCommand, type Cli, type Options, tell } from '../cli.ts'
import { exits, Failure } from '../failure.ts'
import { existingLog } from '../files.ts'
import { rebuiltAlone, rolledBackAlone } from '../rebuild/alone.ts'
import { newsOf } from '../rebuild/beside.ts'
import { planOf } from '../rebuild/plan.ts'
import { linesOfPlan, linesOfRebuilt } from '../rebuild/told.ts'
import { asOnlyWriter } from '../server.ts'
import { modelNamed } from './rehearse.ts'

/** `verbatim rebuild`: makes read models anew from the log, while the old ones serve. */
export const rebuild: Adds = (program, cli) => {
  addCommand(
    program,
    'rebuild',
    'Fills a new read model from the log beside the one that serves, compares the two, and lets the new one serve; without --apply only tells what it would do',
    'rebuild timelines --apply',
  )
    .argument('<projection...>')
    .option('--apply', 'does it, also beside a running server')
    .option('--accept-differences', 'with --apply: the new one serves even if it says something else')
    .option('--rollback', 'lets the model serve again that served before')
    .option('--drop-old', 'deletes the model that served before')
    .action((names: readonly string[], options: RebuildOptions) =>
      run(cli, [...new Set(names)].map(modelNamed), options),
    )
}

type RebuildOptions = Options & {
  readonly apply?: boolean
  readonly acceptDifferences?: boolean
  readonly rollback?: boolean
  readonly dropOld?: boolean
}

const run = async (cli: Cli, models: readonly KnownModel[], options: RebuildOptions): Promise<void> => {
  const { apply, acceptDifferences = false, rollback, dropOld: drop } = options
  if ([apply, rollback, drop].filter(Boolean).length > 1)
    throw new Failure('write one of --apply, --rollback and --drop-old', exits.usage)
  if (acceptDifferences && !apply) throw new Failure('--accept-differences goes with --apply', exits.usage)
  existingLog(cli.folder)
  if (rollback) return told(cli, options, await rolledBack(cli, models, options))
  if (drop) return dropped(cli, models, options)
  if (apply) return told(cli, options, await applied(cli, models, options))
  const plan = await planOf(cli, models)
  tell(cli, options, plan, () => linesOfPlan(plan))
}

const applied = (cli: Cli, models: readonly KnownModel[], options: RebuildOptions): Promise<readonly Rebuilt[]> => {
  const { acceptDifferences = false, json: quiet = false } = options
  const projections = models.map(({ name }) => name)
  return asOnlyWriter(cli.folder, {
    beside: async (admin) => {
      await admin.startRebuild(projections, acceptDifferences)
      return newsOf(cli, admin, quiet)
    },
    alone: async () => {
      await noteAct(cli.folder, { act: 'rebuild', projections: projections.join(' '), acceptDifferences }, cli.now)
      return rebuiltAlone(cli, models, { acceptDifferences, quiet })
    },
  })
}

/** One after the other: each is whole, whatever becomes of the next. */
const rolledBack = async (
  cli: Cli,
  models: readonly KnownModel[],
  { json: quiet = false }: RebuildOptions,
): Promise<readonly Rebuilt[]> => {
  const done: Rebuilt[] = []
  for (const model of models)
    done.push(
      ...(await asOnlyWriter(cli.folder, {
        beside: async (admin) => {
          await admin.startRollBack(model.name)
          return newsOf(cli, admin, quiet)
        },
        alone: async () => {
          await noteAct(cli.folder, { act: 'roll-back', projection: model.name }, cli.now)
          return [await rolledBackAlone(cli, model)]
        },
      })),
    )
  return done
}

const dropped = async (cli: Cli, models: readonly KnownModel[], options: RebuildOptions): Promise<void> => {
  const done: { readonly projection: string; readonly dropped: number }[] = []
  for (const model of models) {
    const generation = await asOnlyWriter(cli.folder, {
      beside: (admin) => admin.dropOld(model.name),
      alone: async () => {
        const generation = await dropOld(cli.folder, model)
        await noteAct(cli.folder, { act: 'drop-old', projection: model.name, generation }, cli.now)
        return generation
      },
    })
    done.push({ projection: model.name, dropped: generation })
  }
  tell(cli, options, done, () =>
    done.map((one) => `${one.projection}_v${one.dropped}.db is deleted: there is no rolling back to it any more`),
  )
}

const told = (cli: Cli, options: Options, rebuilt: readonly Rebuilt[]): void => {
  tell(cli, options, rebuilt, () => rebuilt.flatMap(linesOfRebuilt))
  if (rebuilt.some(({ switched }) => !switched)) cli.endWith(exits.faults)
}
